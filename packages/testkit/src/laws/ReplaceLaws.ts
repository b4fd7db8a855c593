/** Laws of files that are replaced, and sent. */
import { type File, Files } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { ascii, concat, randomBytes } from "../Bytes.ts"
import { connectedPair } from "../Connections.ts"
import { equals, equalsAll, fails, failsWith, isTrue, sameBytes } from "../Expectation.ts"
import { withPorts } from "../FaultyPorts.ts"
import { bytesMax, fileLaw, make } from "../FileLaw.ts"
import { FileValve } from "../FileValve.ts"
import { lawGroup } from "../Law.ts"

const oldContent = ascii("the old content")
const newContent = ascii("what is new")

const read = (path: string) => Files.readFile(path, { bytesMax })

const namesIn = (path: string) =>
  Effect.map(Stream.runCollect(Files.entries(path)), (entries) =>
    Array.from(entries, ({ name }) => name).sort()
  )

const writeNew = (file: File.File) =>
  Effect.as(
    Effect.andThen(file.write(newContent.subarray(0, 4)), file.write(newContent.subarray(4))),
    7
  )

/** Replaces behind the valve, interrupted at the request after so many; whether there was one. */
const interruptedAfter = (valve: FileValve, path: string, requests: number) =>
  Effect.gen(function* () {
    valve.isShut = true
    const replacing = yield* Effect.forkChild(Files.replace(path, writeNew), {
      startImmediately: true
    })
    const isHeld = valve.until(() => valve.held.length > 0)
    const next = Effect.raceFirst(isHeld, Fiber.await(replacing))
    for (let passed = 0; passed < requests; passed++) {
      yield* next
      valve.pass()
    }
    yield* next
    const isInTime = replacing.pollUnsafe() === undefined
    const isAsked = valve.asked.some((name) => name.startsWith("rename"))
    const interrupting = yield* Effect.forkChild(Fiber.interrupt(replacing), {
      startImmediately: true
    })
    valve.open()
    yield* Fiber.join(interrupting)
    return { isInTime, isAsked }
  }).pipe(Effect.ensuring(Effect.sync(() => valve.open())))

export const ReplaceLaws = lawGroup("Replacing and sending files", [
  fileLaw(
    "FS-08",
    "a replaced file has all of the new content, and the result",
    function* (directory) {
      const path = `${directory}/a`
      for (const options of [undefined, { syncs: false }, { mode: 0o640 }]) {
        const valve = new FileValve()
        const body = Effect.gen(function* () {
          yield* equals(yield* Files.replace(path, writeNew, options), 7, "result")
          const syncs = valve.asked.filter((name) => name === "sync").length
          yield* equals(syncs, options?.syncs === false ? 0 : 2, "syncs")
        })
        yield* withPorts(valve.change, body)
        yield* sameBytes(yield* read(path), newContent, "content")
      }
      yield* equals((yield* Files.stat(path)).mode, 0o640, "mode")
      yield* equalsAll(yield* namesIn(directory), ["a"], "names")
    }
  ),

  fileLaw(
    "FS-10",
    "a replacement that is interrupted at any step leaves the old content",
    function* (directory) {
      const path = `${directory}/a`
      let replaced = 0
      for (let requests = 0; ; requests++) {
        yield* Files.writeFile(path, oldContent)
        const valve = new FileValve()
        const seen = yield* withPorts(valve.change, interruptedAfter(valve, path, requests))
        const content = yield* read(path)
        yield* sameBytes(content, seen.isAsked ? newContent : oldContent, `after ${requests}`)
        if (seen.isAsked) replaced++
        yield* equalsAll(yield* namesIn(directory), ["a"], `names after ${requests}`)
        if (!seen.isInTime)
          return yield* isTrue(requests > 6 && replaced > 0, "It should have steps")
        if (requests > 50) return yield* fails("It should have ended")
      }
    }
  ),

  fileLaw(
    "FS-37",
    "a replacement that fails leaves what was there and no other file",
    function* (directory) {
      const path = `${directory}/a`
      yield* Files.writeFile(path, oldContent)
      const failing = Files.replace(path, (file) =>
        Effect.andThen(file.write(newContent), Effect.fail("no" as const))
      )
      const exit = yield* Effect.exit(Effect.catch(failing, (error) => Effect.succeed(error)))
      yield* equals(Exit.isSuccess(exit) ? exit.value : undefined, "no", "its own failure")
      yield* sameBytes(yield* read(path), oldContent, "content")
      yield* Files.createDirectory(`${directory}/d`)
      yield* failsWith("IsADirectory", Files.replace(`${directory}/d`, writeNew))
      yield* failsWith("NotFound", Files.replace(`${directory}/none/a`, writeNew))
      yield* equalsAll(yield* namesIn(directory), ["a", "d"], "names")
    }
  ),

  fileLaw("FS-38", "a link is replaced, not what it leads to", function* (directory) {
    yield* Files.writeFile(`${directory}/a`, oldContent)
    yield* Files.symlink("a", `${directory}/link`)
    yield* Files.replace(`${directory}/link`, writeNew)
    yield* sameBytes(yield* read(`${directory}/a`), oldContent, "what it led to")
    yield* sameBytes(yield* read(`${directory}/link`), newContent, "the link")
  }),

  fileLaw(
    "FS-39",
    "a file is sent to a stream byte for byte, whole or in part",
    function* (directory) {
      const file = yield* make(directory, "a")
      const bytes = yield* randomBytes(500_000)
      yield* file.write(bytes)
      const { client, server } = yield* connectedPair()
      const receiving = Effect.gen(function* () {
        const chunks: Array<Uint8Array> = []
        for (;;) {
          const chunk = yield* server.read
          if (chunk.length === 0) return concat(chunks)
          chunks.push(chunk)
        }
      })
      const sending = Effect.gen(function* () {
        yield* equals(yield* Files.send(file, client), 500_000, "bytes sent")
        const part = { position: 499_000, bytesMax: 300 }
        yield* equals(yield* Files.send(file, client, part), 300, "of a part")
        yield* equals(yield* Files.send(file, client, { position: 600_000 }), 0, "beyond the end")
        yield* equals(yield* Files.send(file, client, { bytesMax: 0 }), 0, "of nothing")
        yield* client.shutdown
      })
      const [received] = yield* Effect.all([receiving, sending], { concurrency: 2 })
      yield* sameBytes(received, concat([bytes, bytes.subarray(499_000, 499_300)]), "received")
      yield* client.close
      yield* failsWith("Closed", Files.send(file, client))
      yield* file.close
      yield* failsWith("Closed", Files.send(file, client))
    }
  )
])
