/** An RPC client and server of Effect's own, which know nothing of Portico, on two hosts. */
import { SimSocket, SimSocketServer, SimWorld } from "@portico/sim"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Rpc from "effect/rpc/Rpc"
import * as RpcClient from "effect/rpc/RpcClient"
import * as RpcGroup from "effect/rpc/RpcGroup"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as RpcServer from "effect/rpc/RpcServer"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"

class Counter extends RpcGroup.make(
  Rpc.make("Add", { payload: { amount: Schema.Number }, success: Schema.Number })
) {}

const handlers = Counter.toLayer(
  Effect.sync(() => {
    let total = 0
    return { Add: ({ amount }) => Effect.sync(() => (total += amount)) }
  })
)

/** Needs a `SocketServer`; of which kind is for its edge. */
const server = RpcServer.layer(Counter).pipe(
  Layer.provide(handlers),
  Layer.provide(RpcServer.layerProtocolSocketServer),
  Layer.provide(RpcSerialization.layerNdjson)
)

/** Needs a `Socket`, likewise. */
const client = RpcClient.layerProtocolSocket({ retryTransientErrors: true }).pipe(
  Layer.provide(RpcSerialization.layerNdjson)
)

const port = 7000
const serve = () => Layer.launch(Layer.provide(server, SimSocketServer.layer({ port })))
const provideClient = Effect.provide(
  Layer.provide(client, SimSocket.layerNet({ host: "server", port }))
)

const twoHosts = Effect.gen(function* () {
  const world = yield* SimWorld.World
  const hosts = { server: yield* world.host("server"), client: yield* world.host("client") }
  yield* hosts.server.start(serve)
  return { world, ...hosts }
})

const valueOf = <A, E>(scenario: SimWorld.Scenario<A, E>, seed = 1): A => {
  const { exit } = SimWorld.simulate(scenario, { seed })
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(Cause.pretty(exit.cause))
}

describe("Effect's RPC between two hosts", () => {
  it("answers every request", () => {
    const scenario = Effect.gen(function* () {
      const hosts = yield* twoHosts
      const program = Effect.gen(function* () {
        const counter = yield* RpcClient.make(Counter)
        const totals: Array<number> = []
        for (const amount of [1, 2, 3]) totals.push(yield* counter.Add({ amount }))
        return totals
      })
      return yield* hosts.client.run(program.pipe(Effect.scoped, provideClient))
    })
    expect(valueOf(scenario)).toEqual([1, 3, 6])
  })
})
