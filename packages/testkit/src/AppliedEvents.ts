/** The names that are there after the events of a watcher, by those that were there before. */
import type { WatchEvent } from "@portico/core"

const isBelow = (path: string, directory: string): boolean => path.startsWith(`${directory}/`)

const drop = (names: Set<string>, path: string): void => {
  for (const name of Array.from(names)) if (name === path || isBelow(name, path)) names.delete(name)
}

/** One by one, as a program would that knows nothing else. */
export const applied = (
  before: ReadonlySet<string>,
  events: ReadonlyArray<WatchEvent.WatchEvent>
): ReadonlyArray<string> => {
  const names = new Set(before)
  for (const event of events) {
    switch (event._tag) {
      case "Created":
        names.add(event.path)
        break
      case "Deleted":
        drop(names, event.path)
        break
      case "Renamed": {
        const moved = Array.from(names).filter(
          (name) => name === event.from || isBelow(name, event.from)
        )
        drop(names, event.to)
        for (const name of moved) {
          names.delete(name)
          names.add(event.to + name.slice(event.from.length))
        }
        break
      }
      default:
    }
  }
  return Array.from(names)
}
