/**
 * Listens, says `listening <address>`, answers every connection with `hello`, and waits for ever.
 */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { Address, Tcp } from "@portico/core"

export type Mode = "ref" | "unref" | "ref again"

const hello = new TextEncoder().encode("hello")

export const listen = (mode: Mode) =>
  Effect.gen(function* () {
    const listener = yield* Tcp.listen({ port: 0 })
    if (mode !== "ref") yield* listener.unref
    if (mode === "ref again") yield* listener.ref
    yield* Console.log(`listening ${Address.format(listener.address)}`)
    return yield* listener.accept.pipe(
      Effect.flatMap((stream) => stream.write(hello)),
      Effect.scoped,
      Effect.forever
    )
  })
