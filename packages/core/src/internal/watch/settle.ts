/**
 * From what a look found to events: a pure function of what was known of some names before, and
 * what is known of them after.
 *
 * Whatever a host reports, late, twice or in another order, the events are the difference of two
 * looks. What came and went between them is not told, and a name that went and came back as another
 * file is one `Modified`.
 */
import type { FileStat } from "../../FileStat.ts"
import { WatchEvent } from "../../WatchEvent.ts"
import { arrange } from "./arrange.ts"
import { isChanged, isChangedBesides, isSameFile } from "./sameFile.ts"

/** What one look found about one name; undefined where there is none. */
export interface Finding {
  readonly before: FileStat | undefined
  after: FileStat | undefined
  /** The host said that its content or attributes changed. */
  isTouched: boolean
}

interface Pair {
  readonly from: string
  readonly to: string
  readonly before: FileStat
  readonly after: FileStat
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")))

/** Names whose file went elsewhere, and where it was found. */
const findRenames = (findings: ReadonlyMap<string, Finding>): ReadonlyMap<string, Pair> => {
  const gone = new Map<string, Array<readonly [path: string, before: FileStat]>>()
  for (const [path, { after, before }] of findings) {
    if (before === undefined || (after !== undefined && isSameFile(before, after))) continue
    const key = `${before.device}:${before.inode}`
    gone.set(key, [...(gone.get(key) ?? []), [path, before]])
  }
  const renames = new Map<string, Pair>()
  for (const [to, { after, before }] of findings) {
    if (after === undefined || (before !== undefined && isSameFile(before, after))) continue
    const candidates = gone.get(`${after.device}:${after.inode}`) ?? []
    const index = candidates.findIndex(([, one]) => isSameFile(one, after))
    if (index === -1) continue
    const [[from, one]] = candidates.splice(index, 1) as [readonly [string, FileStat]]
    renames.set(from, { from, to, before: one, after })
  }
  return renames
}

/** It went with its directory, which is told of that alone. */
const isImplied = ({ from, to }: Pair, renames: ReadonlyMap<string, Pair>): boolean => {
  const parent = renames.get(parentOf(from))
  return (
    parent !== undefined &&
    parent.to === parentOf(to) &&
    from.slice(from.lastIndexOf("/")) === to.slice(to.lastIndexOf("/"))
  )
}

const isReplaced = (before: FileStat, after: FileStat): boolean =>
  before.kind === after.kind && after.kind !== "directory"

/** Whether the directories above it are those that were. */
const isHere = (path: string, findings: ReadonlyMap<string, Finding>): boolean => {
  for (let above = parentOf(path); above !== ""; above = parentOf(above)) {
    const { after, before } = findings.get(above) ?? {}
    if (before !== undefined && after !== undefined && !isSameFile(before, after)) return false
  }
  return true
}

interface Events {
  /** Of names. */
  readonly moves: ReadonlyArray<WatchEvent>
  /** Of what is under them. */
  readonly changes: ReadonlyArray<WatchEvent>
}

const eventsOf = (
  findings: ReadonlyMap<string, Finding>,
  renames: ReadonlyMap<string, Pair>
): Events => {
  const arrivals = new Set(Array.from(renames.values(), ({ to }) => to))
  const moves: Array<WatchEvent> = []
  const changes: Array<WatchEvent> = []
  for (const pair of renames.values()) {
    const { kind } = pair.after
    if (!isImplied(pair, renames)) {
      moves.push(WatchEvent.Renamed({ from: pair.from, to: pair.to, kind }))
    }
    if (isChangedBesides(pair.before, pair.after)) {
      changes.push(WatchEvent.Modified({ path: pair.to, kind, isReplaced: false }))
    }
  }
  for (const [path, { after, before, isTouched }] of findings) {
    const hasLeft = before === undefined || renames.has(path)
    const hasArrived = after !== undefined && !arrivals.has(path)
    const stays = before !== undefined && after !== undefined && isHere(path, findings)
    if (stays && isSameFile(before, after)) {
      const isNews = isChanged(before, after) || (isTouched && after.kind !== "directory")
      if (isNews) {
        changes.push(WatchEvent.Modified({ path, kind: after.kind, isReplaced: false }))
      }
    } else if (stays && !hasLeft && hasArrived && isReplaced(before, after)) {
      changes.push(WatchEvent.Modified({ path, kind: after.kind, isReplaced: true }))
    } else {
      // A file renamed onto it is all that is told of what it replaced.
      if (!hasLeft && (after === undefined || hasArrived)) {
        moves.push(WatchEvent.Deleted({ path, kind: before.kind }))
      }
      if (hasArrived) moves.push(WatchEvent.Created({ path, kind: after.kind }))
    }
  }
  return { moves, changes }
}

/** Circles that are broken one by one; then all renames in them are told as names gone and come. */
const brokenMax = 4

/** Without those to these names: of a directory's rename, what went along with it, too. */
const without = (
  renames: ReadonlyMap<string, Pair>,
  names: ReadonlySet<string>
): ReadonlyMap<string, Pair> => {
  const isBroken = (pair: Pair): boolean => {
    if (names.has(pair.to)) return true
    for (let above = parentOf(pair.from); above !== ""; above = parentOf(above)) {
      const directory = renames.get(above)
      if (directory === undefined || !names.has(directory.to)) continue
      if (pair.to.startsWith(`${directory.to}/`)) return true
    }
    return false
  }
  return new Map(Array.from(renames).filter(([, pair]) => !isBroken(pair)))
}

/**
 * The events of one look, in an order in which they could have happened. Where names went round in
 * a circle there is none of renames alone: one of them is told as a name that went and one that
 * came.
 */
export const settle = (findings: ReadonlyMap<string, Finding>): ReadonlyArray<WatchEvent> => {
  let renames = findRenames(findings)
  for (let broken = 0; ; broken++) {
    const { changes, moves } = eventsOf(findings, renames)
    const { circle, events } = arrange(moves)
    const stuck = circle.filter((event) => event._tag === "Renamed").map(({ to }) => to)
    if (stuck.length === 0 || broken > brokenMax) return [...events, ...circle, ...changes]
    renames = without(renames, new Set(broken < brokenMax ? stuck.slice(0, 1) : stuck))
  }
}
