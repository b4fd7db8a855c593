/** An RPC client and server of Effect's own, which know nothing of Portico, on two hosts. */
import { SimSocket, SimSocketServer, SimWorld } from "@portico/sim"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Rpc from "effect/rpc/Rpc"
import * as RpcClient from "effect/rpc/RpcClient"
import * as RpcGroup from "effect/rpc/RpcGroup"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as RpcServer from "effect/rpc/RpcServer"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"

class Counter extends RpcGroup.make(
  Rpc.make("Add", { payload: { amount: Schema.Finite }, success: Schema.Finite }),
  Rpc.make("Wait")
) {}

const handlers = Counter.toLayer(
  Effect.sync(() => {
    let total = 0
    return { Add: ({ amount }) => Effect.sync(() => (total += amount)), Wait: () => Effect.never }
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
  const network = { min: "200 micros", max: "20 millis" } as const
  const { exit } = SimWorld.simulate(scenario, { seed, order: "random", network })
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
    for (let seed = 1; seed <= 20; seed++) expect(valueOf(scenario, seed)).toEqual([1, 3, 6])
  })

  it("times out in a partition, and goes on after it", () => {
    const scenario = Effect.gen(function* () {
      const hosts = yield* twoHosts
      const program = Effect.gen(function* () {
        const counter = yield* RpcClient.make(Counter)
        const add = (amount: number) => counter.Add({ amount })
        const first = yield* add(1)
        yield* Effect.sleep("1 second")
        const during = yield* Effect.flip(Effect.timeout(add(10), "500 millis"))
        yield* Effect.sleep("1 second")
        return [first, during._tag, yield* add(100)]
      })
      const running = yield* Effect.forkChild(
        hosts.client.run(program.pipe(Effect.scoped, provideClient))
      )
      yield* Effect.sleep("900 millis")
      const { net } = hosts.world
      const partition = Effect.andThen(net.partition(hosts.server, hosts.client), Effect.sleep(1e3))
      yield* Effect.scoped(partition)
      return yield* Fiber.join(running)
    })
    // What was sent during the partition is sent again after it, by TCP.
    expect(valueOf(scenario)).toEqual([1, "TimeoutError", 111])
  })

  it("fails what nobody answers by its pings, and connects again", () => {
    const scenario = Effect.gen(function* () {
      const hosts = yield* twoHosts
      const program = Effect.gen(function* () {
        const counter = yield* RpcClient.make(Counter)
        const add = (amount: number) => counter.Add({ amount })
        yield* add(1)
        yield* Effect.sleep("1 second")
        const began = yield* Clock.currentTimeMillis
        const error = yield* Effect.flip(add(10))
        const took = (yield* Clock.currentTimeMillis) - began
        yield* Effect.sleep("1 minute")
        return { reason: error.reason._tag, took, last: yield* add(100) }
      })
      const running = yield* Effect.forkChild(
        hosts.client.run(program.pipe(Effect.scoped, provideClient))
      )
      yield* Effect.sleep("900 millis")
      yield* Effect.scoped(
        Effect.andThen(
          hosts.world.net.partition(hosts.server, hosts.client),
          Effect.sleep("30 seconds")
        )
      )
      return yield* Fiber.join(running)
    })
    const { last, reason, took } = valueOf(scenario)
    expect([reason, last]).toEqual(["SocketReadError", 111])
    // A ping goes out each five seconds, and has five for its answer.
    expect(took).toBeGreaterThan(5000)
    expect(took).toBeLessThanOrEqual(15_000)
  })

  it("fails what a killed server had, and finds the next one", () => {
    const scenario = Effect.gen(function* () {
      const hosts = yield* twoHosts
      const program = Effect.gen(function* () {
        const counter = yield* RpcClient.make(Counter)
        yield* counter.Add({ amount: 1 })
        const { reason } = yield* Effect.flip(counter.Wait())
        yield* Effect.sleep("10 seconds")
        // Its count was in memory.
        return [reason._tag, yield* counter.Add({ amount: 10 })]
      })
      const running = yield* Effect.forkChild(
        hosts.client.run(program.pipe(Effect.scoped, provideClient))
      )
      yield* Effect.sleep("1 second")
      yield* hosts.server.reboot("2 seconds", { kind: "kill" })
      return yield* Fiber.join(running)
    })
    expect(valueOf(scenario)).toEqual(["SocketCloseError", 10])
  })

  it("notices that a server lost its power by its pings", () => {
    const scenario = Effect.gen(function* () {
      const hosts = yield* twoHosts
      const program = Effect.gen(function* () {
        const counter = yield* RpcClient.make(Counter)
        yield* counter.Add({ amount: 1 })
        const { reason } = yield* Effect.flip(counter.Wait())
        yield* Effect.sleep("1 minute")
        return [reason._tag, yield* counter.Add({ amount: 10 })]
      })
      const running = yield* Effect.forkChild(
        hosts.client.run(program.pipe(Effect.scoped, provideClient))
      )
      yield* Effect.sleep("1 second")
      yield* hosts.server.reboot("30 seconds")
      return yield* Fiber.join(running)
    })
    expect(valueOf(scenario)).toEqual(["SocketReadError", 10])
  })

  it("answers again after whatever befell it", { timeout: 90_000 }, () => {
    const calls = Effect.gen(function* () {
      const counter = yield* RpcClient.make(Counter)
      const said: Array<"answered" | "failed"> = []
      for (let call = 0; call < 50; call++) {
        const exit = yield* Effect.exit(Effect.timeout(counter.Add({ amount: 1 }), "1 second"))
        said.push(Exit.isSuccess(exit) ? "answered" : "failed")
        yield* Effect.sleep("100 millis")
      }
      // The network is well by now, and the client connects again within five seconds.
      yield* Effect.sleep("2 minutes")
      yield* counter.Add({ amount: 1 })
      return said
    }).pipe(Effect.scoped, provideClient)
    const scenario = Effect.gen(function* () {
      const { client, server, world } = yield* twoHosts
      const running = yield* Effect.forkChild(client.run(calls))
      const faults = world.swarm({ hosts: [server], downMax: 1 })
      yield* Effect.scoped(Effect.andThen(faults, Effect.sleep("20 seconds")))
      yield* world.heal()
      return { said: yield* Fiber.join(running), struck: yield* world.struck }
    })
    const runs = Array.from({ length: 30 }, (_, seed) => valueOf(scenario, seed))
    const count = (of: "answered" | "failed") => runs.filter(({ said }) => said.includes(of)).length
    expect(runs.filter(({ struck }) => struck > 0).length).toBeGreaterThan(15)
    expect(count("answered")).toBeGreaterThan(15)
    expect(count("failed")).toBeGreaterThan(5)
  })
})
