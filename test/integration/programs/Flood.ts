/**
 * A datagram socket that nobody receives from. Says `stalled <address>`, then `control <address>`:
 * each datagram to the latter is answered with what the former counts, as JSON.
 */
import { Address, Udp } from "@portico/core"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"

const encoder = new TextEncoder()

export const flood = Effect.gen(function* () {
  const stalled = yield* Udp.bind({ port: 0 })
  const control = yield* Udp.bind({ port: 0 })
  yield* Console.log(`stalled ${Address.format(stalled.address, "udp")}`)
  yield* Console.log(`control ${Address.format(control.address, "udp")}`)
  while (true) {
    const { replyTo } = yield* control.receive
    yield* control.send(encoder.encode(JSON.stringify(stalled.datagrams)), replyTo)
  }
}).pipe(Effect.scoped)
