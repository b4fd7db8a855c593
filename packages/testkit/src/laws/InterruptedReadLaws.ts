/** Laws of reads that are interrupted: no byte is lost, no lent memory is touched. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import { concat, randomBytes, randomChunks } from "../Bytes.ts"
import { connectedPair } from "../Connections.ts"
import { equals, isTrue, sameBytes } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { isEnd, reads } from "../Streams.ts"
import { nextTurn, parked, settle } from "../Turns.ts"

export const InterruptedReadLaws = lawGroup("Interrupted reads", [
  law("LOOP-22", "an interrupted read is no longer registered when it is observed", function* () {
    const { client, server } = yield* connectedPair()
    const reading = yield* Effect.forkChild(server.read, { startImmediately: true })
    yield* parked(server)
    yield* Fiber.interrupt(reading)
    yield* equals(server.waits.length, 0, "waiting")
    yield* isTrue(Exit.hasInterrupts(yield* Fiber.await(reading)), "It should be interrupted")
    // Not Busy: the place of the interrupted reader is free.
    const next = yield* Effect.forkChild(reads(server, new Uint8Array([8])), {
      startImmediately: true
    })
    yield* client.write(new Uint8Array([8]))
    yield* Fiber.join(next)
  }),

  law("READ-30", "an interrupted read never writes into the array it was lent", function* () {
    const { client, server } = yield* connectedPair()
    const target = new Uint8Array(16)
    const reading = yield* Effect.forkChild(server.readInto(target), { startImmediately: true })
    yield* parked(server)
    yield* Fiber.interrupt(reading)
    yield* client.write(new Uint8Array([1, 2, 3]))
    yield* settle
    yield* sameBytes(target, new Uint8Array(16), "target")
    yield* reads(server, new Uint8Array([1, 2, 3]))
  }),

  law("READ-31", "reads interrupted at random moments lose and repeat nothing", function* () {
    const { client, server } = yield* connectedPair()
    const bytes = yield* randomBytes(40_000)
    const sending = Effect.gen(function* () {
      for (const chunk of yield* randomChunks(bytes, 2_000)) {
        yield* client.write(chunk)
        yield* nextTurn
      }
      yield* client.shutdown
    })
    yield* Effect.forkChild(sending)
    const chunks: Array<Uint8Array> = []
    while (true) {
      const reading = yield* Effect.forkChild(server.read, { startImmediately: true })
      yield* Effect.repeat(nextTurn, { times: yield* Random.nextIntBetween(0, 3) })
      yield* Fiber.interrupt(reading)
      const exit = yield* Fiber.await(reading)
      if (Exit.isFailure(exit)) continue
      if (isEnd(exit.value)) break
      chunks.push(exit.value)
    }
    yield* sameBytes(concat(chunks), bytes, "bytes read")
  }),

  law("READ-32", "a read that times out loses no bytes", function* () {
    const { client, server } = yield* connectedPair()
    const none = yield* Effect.timeoutOption(server.readExactly(4), "1 millis")
    yield* equals(none._tag, "None", "a read of what was not sent")
    yield* client.write(new Uint8Array([1, 2]))
    yield* server.awaitReadable
    const half = yield* Effect.timeoutOption(server.readExactly(4), "1 millis")
    yield* equals(half._tag, "None", "a read of twice what was sent")
    yield* client.write(new Uint8Array([3, 4]))
    yield* reads(server, new Uint8Array([1, 2, 3, 4]))
  })
])
