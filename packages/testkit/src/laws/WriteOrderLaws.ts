/** Laws of several fibers that write on one stream, and of writes that are interrupted. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { clog, clogBytes, fill } from "../Clog.ts"
import { connectedPair } from "../Connections.ts"
import { equals, equalsAll, failsWith, isTrue, sameBytes } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { readAll, reads } from "../Streams.ts"
import { parked, settle } from "../Turns.ts"

const promptly = { closeGrace: "10 millis" } as const

export const WriteOrderLaws = lawGroup("Writing from several fibers", [
  law("WRITE-10", "writes of several fibers come out whole, in call order", function* () {
    const { client, server } = yield* connectedPair()
    // Larger than any queue, so that each of them has to wait for the peer.
    const sizes = [300_000, 5, 200_000, 70_000, 1]
    for (const [n, size] of sizes.entries()) {
      yield* Effect.forkChild(client.write(new Uint8Array(size).fill(n)), {
        startImmediately: true
      })
    }
    yield* Effect.forkChild(client.shutdown, { startImmediately: true })
    const all = yield* readAll(server)
    let offset = 0
    for (const [n, size] of sizes.entries()) {
      const expected = new Uint8Array(size).fill(n)
      yield* sameBytes(all.subarray(offset, offset + size), expected, `write ${n}`)
      offset += size
    }
    yield* equals(all.length, offset, "bytes read")
  }),

  law("WRITE-11", "nothing comes between the pieces of a vectored write", function* () {
    const { client, server } = yield* connectedPair()
    const piece = 30_000
    for (let n = 0; n < 4; n++) {
      const pieces = [1, 2, 3].map(() => new Uint8Array(piece).fill(n))
      yield* Effect.forkChild(client.writeAll(pieces), { startImmediately: true })
    }
    for (let n = 0; n < 4; n++) yield* reads(server, new Uint8Array(3 * piece).fill(n))
  }),

  law(
    "TCP-02",
    "writes complete in call order; on close the pending ones fail with Closed",
    function* () {
      const { client, server } = yield* connectedPair(promptly)
      yield* fill(client)
      const completed: Array<number> = []
      const writing = yield* Effect.forEach([0, 1, 2, 3], (n) =>
        Effect.forkChild(
          Effect.tap(client.write(new Uint8Array(n < 2 ? 40_000 : clogBytes)), () =>
            Effect.sync(() => completed.push(n))
          ),
          { startImmediately: true }
        )
      )
      yield* parked(client)
      const draining = yield* Effect.forkChild(Effect.forever(server.readBorrowed))
      yield* Fiber.joinAll(writing.slice(0, 2))
      yield* Fiber.interrupt(draining)
      yield* client.close
      yield* equalsAll(completed, [0, 1], "completed")
      for (const fiber of writing.slice(2)) yield* failsWith("Closed", Fiber.join(fiber))
    }
  ),

  law("TCP-06", "interrupting a write under way breaks the stream and resets it", function* () {
    const { client, server } = yield* connectedPair(promptly)
    const bytes = new Uint8Array(clogBytes)
    const writing = yield* Effect.forkChild(client.write(bytes), { startImmediately: true })
    yield* parked(client)
    yield* settle
    yield* Fiber.interrupt(writing)
    yield* isTrue(Exit.hasInterrupts(yield* Fiber.await(writing)), "It should be interrupted")
    yield* equals(client.state._tag, "Broken", "state")
    yield* failsWith("Broken", client.write(new Uint8Array([1])))
    yield* failsWith(["ConnectionReset", "Broken"], readAll(server))
  }),

  law("WRITE-13", "a write that breaks the stream wakes its reader with Broken", function* () {
    const { client } = yield* connectedPair(promptly)
    const reading = yield* Effect.forkChild(failsWith("Broken", client.read), {
      startImmediately: true
    })
    const writing = yield* Effect.forkChild(client.write(new Uint8Array(clogBytes)), {
      startImmediately: true
    })
    yield* parked(client, 2)
    yield* settle
    yield* Fiber.interrupt(writing)
    yield* Fiber.join(reading)
  }),

  law(
    "WRITE-12",
    "a write interrupted before its first byte left writes nothing, and harms nothing",
    function* () {
      const { client, server } = yield* connectedPair()
      const first = yield* clog(client)
      const second = yield* Effect.forkChild(client.write(new Uint8Array(40_000).fill(9)), {
        startImmediately: true
      })
      yield* settle
      yield* isTrue(second.pollUnsafe() === undefined, "The second write should wait")
      yield* Fiber.interrupt(second)
      const ending = Fiber.join(first.writer).pipe(
        Effect.andThen(client.write(new Uint8Array([7]))),
        Effect.andThen(client.shutdown)
      )
      yield* Effect.forkChild(ending)
      const all = yield* readAll(server)
      yield* equals(all.length, first.bytes + 1, "bytes read")
      yield* equals(all.indexOf(9), -1, "place of what was interrupted")
      yield* equals(all[first.bytes], 7, "the third write")
    }
  )
])
