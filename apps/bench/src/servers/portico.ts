/** The echo server that a competent user writes on Portico: one program for every host. */
import { Tcp, type TcpStream } from "@portico/core"
import * as Effect from "effect/Effect"
import { control } from "./Control.ts"

export const echo = Effect.fnUntraced(function* (stream: TcpStream.TcpStream) {
  while (true) {
    const chunk = yield* stream.readBorrowed
    if (chunk.length === 0) return
    yield* stream.write(chunk)
  }
})

/** The same where nothing but bytes is wanted: no fiber sees them. */
export const pump = (stream: TcpStream.TcpStream) => stream.copyTo(stream)

const serving = (handler: typeof echo | typeof pump) =>
  Effect.gen(function* () {
    const server = yield* Tcp.serve(handler, { host: "127.0.0.1", port: 0, connectionsMax: 20_000 })
    if (server.address._tag === "UnixPathAddress") return yield* Effect.die("Not an inet address")
    control(server.address.port)
    return yield* Effect.never
  }).pipe(Effect.scoped)

export const program = serving(echo)
export const pumpProgram = serving(pump)
