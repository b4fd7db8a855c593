import { Probe, SimSocket, SimSocketServer, SimWorld } from "@portico/sim"
import { Console, Effect, Fiber, Layer, Schema } from "effect"
import { Rpc, RpcClient, RpcGroup, RpcSerialization, RpcServer } from "effect/rpc"

// A service as anybody writes it: nothing here knows of Portico.
class Counter extends RpcGroup.make(
  Rpc.make("Add", { payload: { amount: Schema.Number }, success: Schema.Number })
) {}

const handlers = Counter.toLayer(
  Effect.sync(() => {
    let total = 0
    return { Add: ({ amount }) => Effect.sync(() => (total += amount)) }
  })
)

const server = RpcServer.layer(Counter).pipe(
  Layer.provide(handlers),
  Layer.provide(RpcServer.layerProtocolSocketServer),
  Layer.provide(RpcSerialization.layerNdjson)
)

const client = RpcClient.layerProtocolSocket({ retryTransientErrors: true }).pipe(
  Layer.provide(RpcSerialization.layerNdjson)
)

// The edge, where a program on Node has NodeSocketServer.layer and NodeSocket.layerNet.
const port = 7000
const serve = () => Layer.launch(Layer.provide(server, SimSocketServer.layer({ port })))
const connected = Layer.provide(client, SimSocket.layerNet({ host: "shop", port }))

const order = Effect.gen(function* () {
  const counter = yield* RpcClient.make(Counter)
  yield* Console.log(`${yield* counter.Add({ amount: 1 })} item`)
  yield* Effect.sleep("1 second")
  // Nobody answers; the client's pings tell, within two of their intervals of 5 seconds.
  const { reason } = yield* Effect.flip(counter.Add({ amount: 10 }))
  yield* Console.log(reason._tag)
  yield* Effect.sleep("1 minute")
  return yield* counter.Add({ amount: 100 })
}).pipe(Effect.scoped, Effect.provide(connected))

const scenario = Effect.gen(function* () {
  const world = yield* SimWorld.World
  const [shop, home] = [yield* world.host("shop"), yield* world.host("home")]
  yield* shop.start(serve)
  const ordering = yield* Effect.forkChild(home.run(order))
  yield* Effect.sleep("900 millis")
  const cut = world.net.partition(shop, home)
  yield* Effect.scoped(Effect.andThen(cut, Effect.sleep("30 seconds")))
  const total = yield* Fiber.join(ordering)
  // What failed was ordered all the same: TCP sent it again when the network was back.
  yield* Probe.always("failed orders count", total === 111, `total ${total}`)
  yield* Console.log(`${total} items`)
})

await Effect.runPromise(SimWorld.run(scenario, { seed: 1 }))
