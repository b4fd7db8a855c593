import { Tcp } from "@portico/core"
import { Effect } from "effect"

/** Takes a ticket. */
export const take = (host: string, port: number) =>
  Effect.gen(function* () {
    const stream = yield* Tcp.connect({ host, port })
    const line = yield* stream.readUntil(Uint8Array.of(10))
    return Number(new TextDecoder().decode(line))
  }).pipe(Effect.scoped)
