/** TLS as programs have it, in worlds that are narrower or slower than those of the laws. */
import { Address, Tcp, Tls } from "@portico/core"
import { Sim, SimBackend, type SimOptions } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import * as Fixtures from "../x509/Fixtures.ts"

const { certificate, key } = Fixtures.server
const credentials = { certificate: certificate + Fixtures.between, key }

const pair = Effect.gen(function* () {
  const listener = yield* Tcp.listen({ port: 0 })
  const context = yield* Tls.serverContext({ credentials })
  const ours = yield* Tls.clientContext({ trust: [Fixtures.authority] })
  const options = { ...Address.toInput(listener.address), serverName: "localhost", context: ours }
  const accepted = Effect.flatMap(listener.accept, (stream) => Tls.server(stream, { context }))
  const [client, server] = yield* Effect.all([Tls.connect(options), accepted], { concurrency: 2 })
  return { client, server }
})

const runSync = <A, E>(
  program: Effect.Effect<A, E, SimBackend.Services>,
  options: Partial<SimOptions.SimOptions> = {}
): A => {
  const exit = SimBackend.runSync(program, { seed: 1, ...options })
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(String(exit.cause))
}

/** Numbers that tell where bytes were lost. */
const pattern = (length: number) => Uint8Array.from({ length }, (_, at) => (at * 31) >> 3)

const readAll = (stream: Effect.Success<typeof pair>["client"]) =>
  Effect.gen(function* () {
    const bytes: Array<number> = []
    for (;;) {
      const chunk = yield* stream.read
      if (chunk.length === 0) return Uint8Array.from(bytes)
      bytes.push(...chunk)
    }
  })

describe("kernels that hold less than a record", () => {
  const narrow = { sendBufferBytes: 700, receiveBufferBytes: 300 }

  it.each(["fifo", "random"] as const)("what was written before close is read, %s", (order) => {
    const bytes = pattern(70_000)
    const read = runSync(
      Effect.scoped(
        Effect.gen(function* () {
          const { client, server } = yield* pair
          const reading = yield* Effect.forkChild(readAll(client))
          yield* server.write(bytes)
          yield* server.close
          return yield* Fiber.join(reading)
        })
      ),
      { ...narrow, order }
    )
    expect(read).toEqual(bytes)
  })

  it("both sides write at once, more than everything holds", () => {
    const bytes = pattern(50_000)
    const both = runSync(
      Effect.scoped(
        Effect.gen(function* () {
          const { client, server } = yield* pair
          const send = (stream: typeof client) =>
            Effect.andThen(stream.write(bytes), stream.shutdown)
          const [, , first, second] = yield* Effect.all(
            [send(client), send(server), readAll(client), readAll(server)],
            { concurrency: 4 }
          )
          return [first, second]
        })
      ),
      narrow
    )
    expect(both).toEqual([bytes, bytes])
  })

  it("TLS in TLS carries both ways, and ends", () => {
    const bytes = pattern(30_000)
    const both = runSync(
      Effect.scoped(
        Effect.gen(function* () {
          const outer = yield* pair
          const context = yield* Tls.serverContext({ credentials })
          const ours = yield* Tls.clientContext({ trust: [Fixtures.authority] })
          const options = { serverName: "localhost", context: ours }
          const [client, server] = yield* Effect.all(
            [Tls.client(outer.client, options), Tls.server(outer.server, { context })],
            { concurrency: 2 }
          )
          const send = (stream: typeof client) =>
            Effect.andThen(stream.write(bytes), stream.shutdown)
          const [, , first, second] = yield* Effect.all(
            [send(client), send(server), readAll(client), readAll(server)],
            { concurrency: 4 }
          )
          return [first, second]
        })
      ),
      { ...narrow, order: "random" }
    )
    expect(both).toEqual([bytes, bytes])
  })

  it("a peer that never reads does not keep a close from ending, after its grace", () => {
    const isClosed = runSync(
      Effect.scoped(
        Effect.gen(function* () {
          const { server } = yield* pair
          yield* Effect.ignore(Effect.timeout(server.write(pattern(50_000)), "1 second"))
          yield* server.close
          return server.state._tag === "Closed"
        })
      ),
      narrow
    )
    expect(isClosed).toBe(true)
  })
})

describe("the same seed", () => {
  const handshakes = Effect.scoped(
    Effect.gen(function* () {
      const { client, server } = yield* pair
      yield* client.write(pattern(40_000))
      yield* server.readExactly(40_000)
      const { progress } = yield* Sim.Sim
      return (yield* progress).hash
    })
  )

  // What passes on the wire is compared across hosts: `SimTls.test.ts`.
  it("takes the same steps, and another other ones", () => {
    const [first, again, other] = [7, 7, 8].map((seed) =>
      runSync(handshakes, { seed, order: "random" })
    )
    expect(again).toBe(first)
    expect(other).not.toBe(first)
  })
})
