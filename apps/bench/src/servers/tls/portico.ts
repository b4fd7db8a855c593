/** The echo server that a competent user writes on Portico's `Tls`: one program for every host. */
import { Tls } from "@portico/core"
import * as Effect from "effect/Effect"
import { control } from "../Control.ts"
import { echo, pump } from "../portico.ts"
import { certificate, key } from "./Credentials.ts"

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
