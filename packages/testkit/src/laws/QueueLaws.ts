/** Laws of bytes that a writer is rid of and the host does not have yet. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { concat, randomBytes } from "../Bytes.ts"
import { connectedPair } from "../Connections.ts"
import { equals, equalsAll, isTrue, sameBytes } from "../Expectation.ts"
import { withPorts } from "../FaultyPorts.ts"
import { law, lawGroup } from "../Law.ts"
import { makeLending } from "../LendingStreams.ts"
import { readAll, reads } from "../Streams.ts"
import { nextTurn, settle } from "../Turns.ts"
import { makeValve, type Valve } from "../Valve.ts"

/** Two small writes that the host has not taken, and what `then` makes of them. */
const queued = <A, E, R>(then: (pair: QueuedPair) => Effect.Effect<A, E, R>) =>
  Effect.suspend(() => {
    const valve = makeValve()
    const body = Effect.gen(function* () {
      const { client, server } = yield* connectedPair()
      const bytes = yield* randomBytes(1_000)
      valve.shut()
      yield* client.write(bytes.subarray(0, 400))
      yield* client.write(bytes.subarray(400))
      yield* nextTurn
      yield* equals(client.counters.bytesQueued, 1_000, "bytesQueued")
      yield* equals(client.counters.bytesWritten, 0, "bytesWritten")
      return yield* then({ bytes, client, server, valve })
    })
    return withPorts(valve.change, Effect.scoped(body))
  })

type Pair = Effect.Success<ReturnType<typeof connectedPair>>
interface QueuedPair extends Pick<Pair, "client" | "server"> {
  readonly bytes: Uint8Array
  readonly valve: Valve
}

/** `effect` waits until the valve opens, and then succeeds. */
const waitsFor = <A, E, R>(valve: Valve, what: string, effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const waiting = yield* Effect.forkChild(effect, { startImmediately: true })
    yield* settle
    yield* isTrue(waiting.pollUnsafe() === undefined, `${what} did not wait for the host`)
    valve.open()
    yield* Fiber.join(waiting)
  })

export const QueueLaws = lawGroup("Queued bytes", [
  law("WRITE-20", "flush waits until the host has the last small write", function* () {
    yield* queued(({ bytes, client, server, valve }) =>
      Effect.gen(function* () {
        yield* waitsFor(valve, "flush", client.flush)
        yield* equals(client.counters.bytesQueued, 0, "bytesQueued")
        yield* equals(client.counters.bytesWritten, 1_000, "bytesWritten")
        yield* reads(server, bytes)
      })
    )
  }),

  law("WRITE-21", "a half-close waits until the host has the last small write", function* () {
    yield* queued(({ bytes, client, server, valve }) =>
      Effect.gen(function* () {
        yield* waitsFor(valve, "shutdown", client.shutdown)
        yield* sameBytes(yield* readAll(server), bytes, "bytes read")
      })
    )
  }),

  law("CLOSE-12", "bytes that the host takes within the grace period reach the peer", function* () {
    yield* queued(({ bytes, client, server, valve }) =>
      Effect.gen(function* () {
        yield* waitsFor(valve, "close", client.close)
        yield* sameBytes(yield* readAll(server), bytes, "bytes read")
      })
    )
  }),

  law("WRITE-22", "what is lent to the host is left alone until it is given back", function* () {
    const { change, violations } = makeLending()
    const body = Effect.gen(function* () {
      const { client, server } = yield* connectedPair()
      const pieces: Array<Uint8Array> = []
      for (const size of [10, 3_000, 1, 9_000, 20, 4_000]) {
        const piece = yield* randomBytes(size)
        pieces.push(piece.slice())
        yield* client.write(piece)
        piece.fill(0)
        if (size % 2 === 0) yield* nextTurn
      }
      const more = [yield* randomBytes(500), yield* randomBytes(6_000)]
      yield* client.writeAll(more)
      yield* client.shutdown
      const all = yield* readAll(server)
      yield* sameBytes(all, concat([...pieces, ...more]), "bytes read")
    })
    yield* withPorts(change, Effect.scoped(body))
    yield* equalsAll(violations, [], "done while memory was lent")
  })
])
