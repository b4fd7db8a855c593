/**
 * The order of the events of one look: one in which they could have happened, so that whoever
 * applies them one by one ends with the names that are there.
 *
 * A name is left before another one takes it, a directory is there before something comes into it,
 * and is empty before it goes. Where names went round in a circle there is no such order, and the
 * rest comes as it was found.
 */
import type { WatchEvent } from "../../WatchEvent.ts"

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

  isReady(event: WatchEvent): boolean {
    const from = leaves(event)
    const to = takes(event)
    const own = from !== undefined && from === to ? 1 : 0
    if (to !== undefined) {
      if ((this.left.get(to) ?? 0) > own) return false
      if (parentsOf(to).some((parent) => (this.taken.get(parent) ?? 0) > 0)) return false
    }
    return from === undefined || (this.emptied.get(from) ?? 0) === 0
  }
}

export const arrange = (events: ReadonlyArray<WatchEvent>): ReadonlyArray<WatchEvent> => {
  if (events.length < 2) return events
  const pending = new Pending()
  for (const event of events) pending.count(event, 1)
  const arranged: Array<WatchEvent> = []
  let rest: ReadonlyArray<WatchEvent> = events
  for (let pass = 0; pass < passesMax && rest.length > 0; pass++) {
    const waiting: Array<WatchEvent> = []
    for (const event of rest) {
      if (!pending.isReady(event)) {
        waiting.push(event)
        continue
      }
      pending.count(event, -1)
      arranged.push(event)
    }
    if (waiting.length === rest.length) break
    rest = waiting
  }
  return [...arranged, ...rest]
}
