/** An echo server and its clients, for worlds of several hosts. */
import { Tcp } from "@portico/core"
import * as Effect from "effect/Effect"

export const port = 4000

/** Serves until it is interrupted. */
export const serve = Effect.gen(function* () {
  yield* Tcp.serve(
    (stream) =>
      Effect.gen(function* () {
        for (;;) {
          const bytes = yield* stream.read
          if (bytes.length === 0) return
          yield* stream.write(bytes)
        }
      }),
    { host: "0.0.0.0", port, connectionsMax: 100 }
  )
  return yield* Effect.never
}).pipe(Effect.scoped)

/** Sends `bytes` and takes them back; gives how many virtual milliseconds that took. */
export const ask = (host: string, bytes = 64) =>
  Effect.gen(function* () {
    const stream = yield* Tcp.connect({ host, port })
    yield* stream.write(new Uint8Array(bytes).fill(7))
    return (yield* stream.readExactly(bytes)).length
  }).pipe(Effect.scoped)
