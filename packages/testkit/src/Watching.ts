/** What laws of watching share: folders of their own, and what a watcher told, as lines. */
import {
  Files,
  type IoError,
  Watch,
  type Watcher,
  type WatchEvent,
  type WatchOptions
} from "@portico/core"
import * as Effect from "effect/Effect"
import { ascii } from "./Bytes.ts"

/** A folder that ends with the law. */
export const folder = Files.temporaryDirectory({ prefix: "watch-" })

export const write = (path: string, text: string) => Files.writeFile(path, ascii(text))

export const append = (path: string, text: string) => Files.appendFile(path, ascii(text))

/** Both ways to notice changes; polling so often that a law need not wait long. */
export const methods: ReadonlyArray<WatchOptions.WatchOptions> = [
  {},
  { method: "polling", interval: "10 millis" }
]

/** `+ name`, `~ name`, `- name`, `from → to`, below the folder. */
export const line = (event: WatchEvent.WatchEvent, root: string): string => {
  const below = (path: string) => (path === root ? "." : path.replace(`${root}/`, ""))
  switch (event._tag) {
    case "Created":
      return `+ ${below(event.path)}`
    case "Modified":
      return `~ ${below(event.path)}`
    case "Deleted":
      return `- ${below(event.path)}`
    case "Renamed":
      return `${below(event.from)} → ${below(event.to)}`
    case "Overflow":
      return `lost ${event.eventsLost}`
    case "Unwatched":
      return `unwatched ${below(event.path)}: ${event.reason._tag}`
    case "RootDeleted":
      return "root deleted"
  }
}

/** Looks are made by the host's threads, for which turns of the loop do not wait. */
export const moment = Effect.sleep("1 millis")

let sentinels = 0

/** The events up to now: of all that was done before, and none that was not. */
export const eventsSoFar = Effect.fnUntraced(function* (
  watcher: Watcher.Watcher,
  root: string
): Effect.fn.Return<ReadonlyArray<WatchEvent.WatchEvent>, IoError.IoError, Files.Files> {
  const end = `${root}/.end-${++sentinels}`
  yield* write(end, "")
  const events: Array<WatchEvent.WatchEvent> = []
  for (let isOver = false; !isOver || watcher.watched.eventsQueued > 0;) {
    const event = yield* watcher.take
    if (event._tag === "Created" && event.path === end) isOver = true
    else if (!("path" in event) || !event.path.includes("/.end-")) events.push(event)
    if (!isOver) continue
    // A host may have dropped a hint: then a second look finds what it was about.
    while (watcher.watched.eventsQueued === 0 && watcher.watched.isLooking) yield* moment
  }
  return events
})

/** The same as lines. A change may be told twice, or after what made the file: here it is not. */
export const told = Effect.fnUntraced(function* (watcher: Watcher.Watcher, root: string) {
  const lines = (yield* eventsSoFar(watcher, root)).map((event) => line(event, root))
  const isNews = (text: string, index: number) =>
    !text.startsWith("~") ||
    (lines.indexOf(text) === index && !lines.includes(text.replace("~", "+")))
  return lines.filter(isNews)
})

export const watch = Watch.watch
