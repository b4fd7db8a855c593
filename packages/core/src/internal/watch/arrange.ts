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

// Chains of renames are found in their order mostly; each pass settles a link of one that was not.
const passesMax = 64

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

/** What is still to come, as counts of names. */
class Pending {
  /** Names that are left. */
  private readonly left = new Map<string, number>()
  /** Names that are taken. */
  private readonly taken = new Map<string, number>()
  /** Directories out of which something goes. */
  private readonly emptied = new Map<string, number>()

  count(event: WatchEvent, by: 1 | -1): void {
    const add = (counts: Map<string, number>, path: string) =>
      counts.set(path, (counts.get(path) ?? 0) + by)
    const from = leaves(event)
    const to = takes(event)
    if (to !== undefined) add(this.taken, to)
    if (from === undefined) return
    add(this.left, from)
    for (const parent of parentsOf(from)) add(this.emptied, parent)
  }

  /** The event after that one, in its place. */
  move(event: WatchEvent, directory: Renamed): WatchEvent {
    const moved = alongWith(directory, event)
    this.count(event, -1)
    this.count(moved, 1)
    return moved
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
  for (const event of found) pending.count(event, 1)
  const events: Array<WatchEvent> = []
  const tell = (event: WatchEvent): void => {
    pending.count(event, -1)
    events.push(event)
  }
  let rest = found
  for (let pass = 0; pass < passesMax && rest.length > 0; pass++) {
    const waiting: Array<WatchEvent> = []
    for (const event of rest) {
      if (pending.isReady(event)) tell(event)
      else waiting.push(event)
    }
    const isStuck = waiting.length === rest.length
    rest = waiting
    if (!isStuck) continue
    const full = rest.filter(isRenamed).find((event) => pending.isFree(event))
    if (full === undefined) break
    tell(full)
    rest = rest.filter((event) => event !== full).map((event) => pending.move(event, full))
  }
  return { events, circle: rest }
}
