/** The echo server that a competent user writes on Portico: one program for every host. */
import { Udp } from "@portico/core"
import * as Effect from "effect/Effect"
import { control } from "../Control.ts"

export const program = Effect.gen(function* () {
  const socket = yield* Udp.bind({ port: 0 })
  control(socket.address.port)
  while (true) {
    const { bytes, replyTo } = yield* socket.receive
    yield* socket.send(bytes, replyTo)
  }
}).pipe(Effect.scoped)
