/** Laws of backpressure, both ways, in bytes. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { randomBytes } from "../Bytes.ts"
import { clog, clogBytes, fill } from "../Clog.ts"
import { connectedPair } from "../Connections.ts"
import { equals, failsWith, isTrue, sameBytes } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { readAll } from "../Streams.ts"
import { eventually, parked, settle } from "../Turns.ts"

const promptly = { closeGrace: "10 millis" } as const

export const BackpressureLaws = lawGroup("Backpressure", [
  law("BACK-01", "a peer that does not read stops the writer", function* () {
    const { client } = yield* connectedPair(promptly)
    const { bytes, writer } = yield* clog(client)
    yield* isTrue(writer.pollUnsafe() === undefined, `${bytes} bytes were taken unread`)
    yield* isTrue(bytes < clogBytes, `${bytes} bytes were taken unread`)
  }),

  law("BACK-02", "a reader that does not read holds at most one chunk", function* () {
    const { client, server } = yield* connectedPair(promptly)
    yield* fill(client)
    const { bytesRead } = server.counters
    yield* equals(bytesRead, 0, "bytes read by nobody")
    // What is here without waiting is what was read ahead.
    const held = yield* server.tryRead
    const length = held._tag === "Some" ? held.value.length : 0
    yield* isTrue(length > 0 && length <= 512 * 1024, `One chunk of at most 512 KiB: ${length}`)
  }),

  law("TCP-05", "a suspended writer goes on when the peer reads", function* () {
    const { client, server } = yield* connectedPair()
    const first = yield* clog(client)
    const bytes = yield* randomBytes(500_000)
    yield* Effect.forkChild(Effect.andThen(client.write(bytes), client.shutdown), {
      startImmediately: true
    })
    const all = yield* readAll(server)
    yield* Fiber.join(first.writer)
    yield* sameBytes(all.subarray(first.bytes), bytes, "bytes written while full")
  }),

  law("TCP-34", "trying to write on a full stream gives 0 and does not wait", function* () {
    const { client, server } = yield* connectedPair(promptly)
    const filled = yield* fill(client)
    yield* isTrue(filled > 0 && filled < clogBytes, `Something, but not everything: ${filled}`)
    yield* equals(yield* client.tryWrite(new Uint8Array(1)), 0, "bytes taken")
    yield* server.readExactly(filled)
    yield* client.awaitWritable
    yield* eventually(
      "room again",
      Effect.map(client.tryWrite(new Uint8Array(1)), (count) => count === 1)
    )
  }),

  law("BACK-03", "at most 16 KiB of small writes wait beside the one that is held", function* () {
    const { client } = yield* connectedPair(promptly)
    const { bytes } = yield* clog(client, 1024)
    const waiting = bytes - client.counters.bytesWritten
    yield* isTrue(waiting <= 17 * 1024, `At most 16 KiB and one write: ${waiting} bytes`)
    yield* equals(client.counters.bytesQueued <= 17 * 1024, true, "bytesQueued within 17 KiB")
  }),

  law("BACK-04", "flush on a full stream waits for the peer", function* () {
    const { client, server } = yield* connectedPair()
    const first = yield* clog(client)
    const flushing = yield* Effect.forkChild(client.flush, { startImmediately: true })
    yield* settle
    yield* isTrue(flushing.pollUnsafe() === undefined, "There is no room for another byte")
    yield* server.readExactly(first.bytes)
    yield* Fiber.join(first.writer)
    yield* Fiber.join(flushing)
    yield* equals(client.counters.bytesQueued, 0, "bytesQueued")
  }),

  law("BACK-05", "awaitWritable wakes when there is room; a second waiter is Busy", function* () {
    const { client, server } = yield* connectedPair()
    const filled = yield* fill(client)
    const waiting = yield* Effect.forkChild(client.awaitWritable, { startImmediately: true })
    yield* parked(client)
    yield* failsWith("Busy", client.awaitWritable)
    yield* server.readExactly(filled)
    yield* Fiber.join(waiting)
  }),

  law("BACK-06", "a stream that was stopped and read again carries every byte", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(8_000_000)
    const writing = yield* Effect.forkChild(Effect.andThen(client.write(bytes), client.shutdown), {
      startImmediately: true
    })
    const head = yield* server.readExactly(1_000)
    yield* settle
    const rest = yield* readAll(server)
    yield* Fiber.join(writing)
    yield* sameBytes(head, bytes.subarray(0, 1_000), "head")
    yield* sameBytes(rest, bytes.subarray(1_000), "rest")
  })
])
