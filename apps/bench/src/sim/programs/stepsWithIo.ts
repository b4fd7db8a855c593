import { Files, Tcp } from "@portico/core"
import { SimBackend, Trace } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

const message = new Uint8Array(64)
const rounds = 100

const echo = Effect.gen(function* () {
  const log = yield* Files.open("/tmp/log", { access: "readWrite", create: "ifMissing" })
  const server = yield* Tcp.serve(
    (stream) =>
      Effect.gen(function* () {
        for (;;) {
          const bytes = yield* stream.read
          if (bytes.length === 0) return
          yield* log.write(bytes)
          yield* log.syncData
          yield* stream.write(bytes)
        }
      }),
    { port: 0, connectionsMax: 10 }
  )
  const port = "port" in server.address ? server.address.port : 0
  const client = Effect.gen(function* () {
    const stream = yield* Tcp.connect({ port })
    for (let round = 0; round < rounds; round++) {
      yield* stream.write(message)
      yield* stream.readExactly(message.length)
    }
  }).pipe(Effect.scoped)
  yield* Effect.all([client, client, client, client], { concurrency: "unbounded", discard: true })
}).pipe(Effect.scoped)

/** Steps of clients and a server that talk, and sync what was said to a file. */
export const stepsWithIo = (seed: number): number => {
  const trace = new Trace.TraceRing()
  const { exit, steps } = SimBackend.simulate(echo, { seed, order: "random", trace })
  if (Exit.isFailure(exit)) throw new Error(String(exit.cause))
  return steps
}
