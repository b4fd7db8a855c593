import { BunBackend } from "@portico/bun"
import { Address, Tcp } from "@portico/core"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"

const hello = new TextEncoder().encode("hello")

it("a program that names no backend runs over the layer", async () => {
  const program = Effect.gen(function* () {
    const server = yield* Tcp.serve(
      (stream) => Effect.flatMap(stream.readExactly(hello.length), (bytes) => stream.write(bytes)),
      { port: 0, connectionsMax: 10 }
    )
    const stream = yield* Tcp.connect(Address.toInput(server.address))
    yield* stream.write(hello)
    const answer = yield* stream.readExactly(hello.length)
    return [answer, yield* stream.read] as const
  })
  const [answer, end] = await Effect.runPromise(
    program.pipe(Effect.scoped, Effect.provide(BunBackend.layer))
  )
  expect(answer).toEqual(hello)
  expect(end.length).toBe(0)
})
