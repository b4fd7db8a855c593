import { NodeBackend } from "@portico/node"
import { FileLines, Files, FileTail, Watch, type WatchEvent } from "@portico/core"
import { Console, Effect, Option, Stream } from "effect"

const bytes = (text: string) => new TextEncoder().encode(text)
const text = (line: Uint8Array) => new TextDecoder().decode(line)

/** What an event says, in words. */
const describe = (event: WatchEvent.WatchEvent): string => {
  switch (event._tag) {
    case "Renamed":
      return `${event.from} is ${event.to} now`
    case "Overflow":
      return `${event.eventsLost} events were lost: look at everything`
    case "Unwatched":
      return `nothing is told of what is in ${event.path}`
    default:
      return `${event._tag} ${event.path}`
  }
}

/** What happens below a folder, by its own path. */
const watching = Effect.fnUntraced(function* (root: string) {
  const watcher = yield* Watch.watch(root, { recursive: true })
  const told = Watch.toStream(watcher).pipe(
    // A file may be told of as changed right after it was made.
    Stream.filter((event) => event._tag !== "Modified"),
    Stream.map((event) => describe(event).replaceAll(`${root}/`, ""))
  )
  const tellOne = Effect.flatMap(Stream.runHead(told), (first) =>
    Console.log(Option.getOrElse(first, () => "nothing"))
  )
  yield* Files.createDirectory(`${root}/inbox`)
  yield* tellOne
  yield* Files.writeFile(`${root}/inbox/letter`, bytes("Dear Ada"))
  yield* tellOne
  yield* Files.rename(`${root}/inbox/letter`, `${root}/answer`)
  yield* tellOne
})

/** The lines of a log, though it is rotated meanwhile. */
const following = Effect.fnUntraced(function* (log: string) {
  const tail = yield* FileTail.open(log)
  yield* Files.appendFile(log, bytes("one\ntw"))
  yield* Files.appendFile(log, bytes("o\n"))
  yield* Files.rename(log, `${log}.1`)
  yield* Files.appendFile(log, bytes("three\n"))
  const lines = yield* Stream.runCollect(Stream.take(FileLines.ofTail(tail), 3))
  yield* Console.log(lines.map(text).join(", "))
})

const program = Effect.gen(function* () {
  const folder = yield* Files.temporaryDirectory()
  yield* watching(folder)
  yield* following(`${folder}/log`)
}).pipe(Effect.scoped)

NodeBackend.runMain(program)
