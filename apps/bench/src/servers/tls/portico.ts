/** The echo server that a competent user writes on Portico's `Tls`: one program for every host. */
import { Tls, type TlsStream } from "@portico/core"
import * as Effect from "effect/Effect"
import { control } from "../Control.ts"
import { certificate, key } from "./Credentials.ts"

const echo = Effect.fnUntraced(function* (stream: TlsStream.TlsStream) {
  while (true) {
    const chunk = yield* stream.readBorrowed
    if (chunk.length === 0) return
    yield* stream.write(chunk)
  }
})

/** The same where nothing but bytes is wanted: no fiber sees them. */
const pump = (stream: TlsStream.TlsStream) => stream.copyTo(stream)

const serving = (handler: typeof echo | typeof pump) =>
  Effect.gen(function* () {
    const context = yield* Tls.serverContext({ credentials: { certificate, key } })
    const options = { host: "127.0.0.1", port: 0, connectionsMax: 20_000, context }
    const server = yield* Tls.serve(handler, options)
    if (server.address._tag === "UnixPathAddress") return yield* Effect.die("Not an inet address")
    control(server.address.port)
    return yield* Effect.never
  }).pipe(Effect.scoped)

export const program = serving(echo)
export const pumpProgram = serving(pump)
