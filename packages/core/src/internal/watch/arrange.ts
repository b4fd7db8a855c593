/**
 * The order of the events of one look: one in which they could have happened, so that whoever
 * applies them one by one ends with the names that are there.
 *
 * A name is left before another one takes it, a directory is there before something comes into it,
 * and is empty before it goes. One that is renamed may take along what has to come into it under
 * its new name, which then leaves by the new name. Where names went round in a circle there is no
 * such order.
 */
import { WatchEvent } from "../../WatchEvent.ts"

/** Directories that take something along, in one look; further ones are left in the circle. */
const takersMax = 64

const leaves = (event: WatchEvent): string | undefined => {
  if (event._tag === "Renamed") return event.from
  return event._tag === "Deleted" ? event.path : undefined
}

const takes = (event: WatchEvent): string | undefined => {
  if (event._tag === "Renamed") return event.to
  return event._tag === "Created" ? event.path : undefined
}

const parentsOf = (path: string): ReadonlyArray<string> => {
  const parents: Array<string> = []
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
    parents.push(path.slice(0, at))
  }
  return parents
}

type Renamed = Extract<WatchEvent, { readonly _tag: "Renamed" }>

const isRenamed = (event: WatchEvent): event is Renamed => event._tag === "Renamed"

/** The same event once `directory` was renamed: what it leaves may have gone along. */
const alongWith = (directory: Renamed, event: WatchEvent): WatchEvent => {
  const left = leaves(event)
  if (left === undefined || !left.startsWith(`${directory.from}/`)) return event
  const path = directory.to + left.slice(directory.from.length)
  if (event._tag === "Renamed") return WatchEvent.Renamed({ ...event, from: path })
  return event._tag === "Deleted" ? WatchEvent.Deleted({ ...event, path }) : event
}

/** What is still to come, as counts of names, and who waits until one of them is 0. */
class Pending {
  /** Names that are left. */
  private readonly left = new Map<string, number>()
  /** Names that are taken. */
  private readonly taken = new Map<string, number>()
  /** Directories out of which something goes. */
  private readonly emptied = new Map<string, number>()
  private readonly waiting = new Map<string, Array<WatchEvent>>()
  /** To be looked at: those that may be ready, each as often as something became 0 for it. */
  readonly candidates: Array<WatchEvent> = []

  add(event: WatchEvent): void {
    const from = leaves(event)
    const to = takes(event)
    this.count(event, 1)
    this.candidates.push(event)
    const names = to === undefined ? [] : [to, ...parentsOf(to)]
    for (const name of from === undefined ? names : [...names, from]) {
      const others = this.waiting.get(name)
      if (others === undefined) this.waiting.set(name, [event])
      else others.push(event)
    }
  }

  delete(event: WatchEvent): void {
    this.count(event, -1)
  }

  private count(event: WatchEvent, by: 1 | -1): void {
    const from = leaves(event)
    const to = takes(event)
    if (to !== undefined) this.change(this.taken, to, by)
    if (from === undefined) return
    this.change(this.left, from, by)
    for (const parent of parentsOf(from)) this.change(this.emptied, parent, by)
  }

  // One that leaves a directory and takes its name counts for itself: it waits until 1.
  private change(counts: Map<string, number>, name: string, by: 1 | -1): void {
    const count = (counts.get(name) ?? 0) + by
    counts.set(name, count)
    if (by === 1 || count > 1) return
    for (const event of this.waiting.get(name) ?? []) this.candidates.push(event)
  }

  isReady(event: WatchEvent): boolean {
    const from = leaves(event)
    return this.isFree(event) && (from === undefined || (this.emptied.get(from) ?? 0) === 0)
  }

  /** Whether the name that it takes was left, with all below it, in a directory that is there. */
  isFree(event: WatchEvent): boolean {
    const from = leaves(event)
    const to = takes(event)
    if (to === undefined) return true
    if ((this.left.get(to) ?? 0) > (from === to ? 1 : 0)) return false
    if ((this.emptied.get(to) ?? 0) > (from?.startsWith(`${to}/`) === true ? 1 : 0)) return false
    return !parentsOf(to).some((parent) => (this.taken.get(parent) ?? 0) > 0)
  }
}

export interface Arranged {
  readonly events: ReadonlyArray<WatchEvent>
  /** Those of which none can be the next. */
  readonly circle: ReadonlyArray<WatchEvent>
}

export const arrange = (found: ReadonlyArray<WatchEvent>): Arranged => {
  const pending = new Pending()
  const rest = new Set(found)
  const events: Array<WatchEvent> = []
  for (const event of found) pending.add(event)
  const tell = (event: WatchEvent): void => {
    rest.delete(event)
    events.push(event)
    pending.delete(event)
  }
  const tellReady = (): void => {
    // More of them come meanwhile.
    for (const event of pending.candidates)
      if (rest.has(event) && pending.isReady(event)) tell(event)
    pending.candidates.length = 0
  }
  tellReady()
  for (let takers = 0; takers < takersMax; takers++) {
    const full = Array.from(rest)
      .filter(isRenamed)
      .find((event) => pending.isFree(event))
    if (full === undefined) break
    tell(full)
    for (const event of Array.from(rest)) {
      const moved = alongWith(full, event)
      if (moved === event) continue
      rest.delete(event)
      rest.add(moved)
      pending.delete(event)
      pending.add(moved)
    }
    tellReady()
  }
  return { events, circle: Array.from(rest) }
}
