/** Laws of fairness: nobody who is always ready keeps the others waiting. */
import * as Effect from "effect/Effect"
import { fill } from "../Clog.ts"
import { connectedPair } from "../Connections.ts"
import { isTrue } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { spinning } from "../Spinning.ts"
import { reads } from "../Streams.ts"
import { eventually } from "../Turns.ts"

/** Far more than a fair loop needs to let a timer or a fiber through. */
const stepsMax = 200_000

export const FairnessLaws = lawGroup("Fairness", [
  law("LOOP-08", "a stream that is always ready starves neither a timer nor a fiber", function* () {
    const { client, server } = yield* connectedPair({ closeGrace: "10 millis" })
    const filled = yield* fill(client)
    let done = 0
    const count = Effect.sync(() => done++)
    yield* Effect.forkChild(Effect.andThen(Effect.sleep("10 micros"), count))
    yield* Effect.forkChild(count)
    for (let step = 0; done < 2; step++) {
      yield* isTrue(step < Math.min(stepsMax, filled), `Starved for ${step} reads`)
      yield* server.readUpTo(1)
    }
  }),

  law(
    "LOOP-09",
    "fibers that are always ready do not keep a stream from being served",
    function* () {
      const { client, server } = yield* connectedPair()
      const goOn = yield* spinning(100)
      for (const byte of [1, 2, 3]) {
        yield* client.write(new Uint8Array([byte]))
        yield* reads(server, new Uint8Array([byte]))
      }
      yield* goOn
    }
  ),

  law("TCP-37", "a hot copy loop lets others run", function* () {
    const { client, server } = yield* connectedPair({ closeGrace: "10 millis" })
    const far = yield* connectedPair({ closeGrace: "10 millis" })
    const bytesMax = 64 * 1024 * 1024
    let copied = 0
    const copy = Effect.gen(function* () {
      while (copied < bytesMax) {
        const bytes = yield* server.readBorrowed
        yield* far.client.write(bytes)
        copied += bytes.length
      }
    })
    yield* Effect.forkChild(copy)
    yield* Effect.forkChild(Effect.forever(far.server.readBorrowed))
    yield* Effect.forkChild(Effect.forever(client.write(new Uint8Array(64 * 1024))))
    yield* eventually(
      "the loop copies",
      Effect.sync(() => copied > 0)
    )
    for (let tick = 0; tick < 10; tick++) yield* Effect.yieldNow
    yield* isTrue(copied < bytesMax, `Nobody else ran before ${bytesMax} bytes were copied`)
  })
])
