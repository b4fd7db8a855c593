/** An Effect Cluster that knows nothing of Portico: its entities, and what its hosts run. */
import { SimSocket, SimSocketServer } from "@portico/sim"
import { PersistenceError } from "effect/cluster/ClusterError"
import * as Entity from "effect/cluster/Entity"
import * as MessageStorage from "effect/cluster/MessageStorage"
import * as RunnerAddress from "effect/cluster/RunnerAddress"
import * as RunnerHealth from "effect/cluster/RunnerHealth"
import * as Runners from "effect/cluster/Runners"
import * as RunnerStorage from "effect/cluster/RunnerStorage"
import * as ShardingConfig from "effect/cluster/ShardingConfig"
import * as SocketRunner from "effect/cluster/SocketRunner"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Rpc from "effect/rpc/Rpc"
import * as RpcClient from "effect/rpc/RpcClient"
import * as RpcGroup from "effect/rpc/RpcGroup"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as RpcServer from "effect/rpc/RpcServer"
import * as Schema from "effect/Schema"
import { Socket } from "effect/socket/Socket"

const storePort = 7100
const runnerPort = 7200

/** How long a lock is good for that its runner does not refresh, in milliseconds. */
export const lockMillis = 10_000

const { Array: List, Boolean, String } = Schema
const owned = { payload: { address: String, shardIds: List(String) }, success: List(String) }

/** What a cluster keeps of its runners, by calls to a host of its own. */
class Store extends RpcGroup.make(
  Rpc.make("GetRunners", { success: List(Schema.Tuple([String, Boolean])) }),
  Rpc.make("Register", {
    payload: { address: String, runner: String, healthy: Boolean },
    success: Schema.Finite
  }),
  Rpc.make("Unregister", { payload: { address: String } }),
  Rpc.make("SetHealth", { payload: { address: String, healthy: Boolean } }),
  Rpc.make("Acquire", owned),
  Rpc.make("Refresh", owned),
  Rpc.make("Release", { payload: { address: String, shardId: String } }),
  Rpc.make("ReleaseAll", { payload: { address: String } })
) {}

interface Lock {
  readonly address: string
  readonly until: number
}

const store = Store.toLayer(
  Effect.sync(() => {
    const runners = new Map<string, { runner: string; healthy: boolean; seen: number }>()
    const locks = new Map<string, Lock>()
    let machines = 0
    const take = (address: string, shardIds: ReadonlyArray<string>, isNew: boolean) =>
      Effect.map(Clock.currentTimeMillis, (now) =>
        shardIds.filter((shardId) => {
          const lock = locks.get(shardId)
          const isFree = lock === undefined || lock.until <= now
          if (isFree ? !isNew : lock.address !== address) return false
          locks.set(shardId, { address, until: now + lockMillis })
          return true
        })
      )
    const release = (address: string, shardId: string) => {
      if (locks.get(shardId)?.address === address) locks.delete(shardId)
    }
    return {
      // One that is silent is out, whatever its health is said to be: it may be the very one that
      // looks after the others' health. Effect's SQL storage does the same.
      GetRunners: () =>
        Effect.map(Clock.currentTimeMillis, (now) =>
          [...runners.values()].flatMap(({ healthy, runner, seen }) =>
            seen > now - lockMillis ? [[runner, healthy] as const] : []
          )
        ),
      Register: ({ address, healthy, runner }) =>
        Effect.map(Clock.currentTimeMillis, (seen) => {
          runners.set(address, { runner, healthy, seen })
          return ++machines
        }),
      Unregister: ({ address }) => Effect.sync(() => void runners.delete(address)),
      SetHealth: ({ address, healthy }) =>
        Effect.sync(() => {
          const found = runners.get(address)
          if (found !== undefined) found.healthy = healthy
        }),
      Acquire: ({ address, shardIds }) => take(address, shardIds, true),
      Refresh: ({ address, shardIds }) =>
        Effect.andThen(
          Effect.map(Clock.currentTimeMillis, (now) => {
            const found = runners.get(address)
            if (found !== undefined) found.seen = now
          }),
          take(address, shardIds, false)
        ),
      Release: ({ address, shardId }) => Effect.sync(() => release(address, shardId)),
      ReleaseAll: ({ address }) =>
        Effect.sync(() => {
          for (const shardId of locks.keys()) release(address, shardId)
        })
    }
  })
)

/** Runs on the host `store`. */
export const serveStore = RpcServer.layer(Store).pipe(
  Layer.provide(store),
  Layer.provide(RpcServer.layerProtocolSocketServer),
  Layer.provide(RpcSerialization.layerNdjson),
  Layer.provide(SimSocketServer.layer({ port: storePort })),
  Layer.launch
)

// A call that the store does not answer has failed after this long.
const asked = <A, E>(call: Effect.Effect<A, E>) =>
  PersistenceError.refail(Effect.timeout(call, "2 seconds"))

const storage = Layer.effect(
  RunnerStorage.RunnerStorage,
  Effect.map(RpcClient.make(Store), (calls) =>
    RunnerStorage.makeEncoded({
      getRunners: asked(Effect.map(calls.GetRunners(), (found) => [...found])),
      register: (address, runner, healthy) => asked(calls.Register({ address, runner, healthy })),
      unregister: (address) => asked(calls.Unregister({ address })),
      setRunnerHealth: (address, healthy) => asked(calls.SetHealth({ address, healthy })),
      acquire: (address, shardIds) =>
        asked(Effect.map(calls.Acquire({ address, shardIds }), (found) => [...found])),
      refresh: (address, shardIds) => asked(calls.Refresh({ address, shardIds })),
      release: (address, shardId) => asked(calls.Release({ address, shardId })),
      releaseAll: (address) => asked(calls.ReleaseAll({ address }))
    })
  )
).pipe(
  Layer.provide(RpcClient.layerProtocolSocket({ retryTransientErrors: true })),
  Layer.provide(SimSocket.layerNet({ host: "store", port: storePort, openTimeout: "1 second" }))
)

/** As platform-node's `NodeClusterSocket.layerClientProtocol`, line by line. */
const clientProtocol = Layer.effect(
  Runners.RpcClientProtocol,
  Effect.gen(function* () {
    const serialization = yield* RpcSerialization.RpcSerialization
    const connect = yield* Effect.context<Effect.Services<ReturnType<typeof SimSocket.makeNet>>>()
    return {
      codecFor: serialization.codecFor,
      make: ({ host, port }) =>
        SimSocket.makeNet({ host, port, openTimeout: "1 second" }).pipe(
          Effect.provideContext(connect),
          Effect.flatMap((socket) =>
            RpcClient.makeProtocolSocket().pipe(Effect.provideService(Socket, socket))
          ),
          Effect.provideService(RpcSerialization.RpcSerialization, serialization)
        )
    }
  })
)

/** Counts what it is asked, and says on which runner. */
export const Counter = Entity.make("Counter", [
  Rpc.make("Add", { success: Schema.Struct({ runner: String, count: Schema.Finite }) })
])

/** Told when an entity begins and ends on a runner. */
export type Watcher = (runner: string, entityId: string, isUp: boolean) => void

const counters = (runner: string, watch: Watcher) =>
  Counter.toLayer(
    Effect.gen(function* () {
      const { entityId } = yield* Entity.CurrentAddress
      const tell = (isUp: boolean) => Effect.sync(() => watch(runner, entityId, isUp))
      yield* Effect.acquireRelease(tell(true), () => tell(false))
      let count = 0
      return Counter.of({ Add: () => Effect.sync(() => ({ runner, count: ++count })) })
    })
  )

/** Runs on the host of that name, which `program` runs on, too. */
export const run = <A, E>(
  name: string,
  watch: Watcher,
  program: Effect.Effect<A, E, Effect.Services<typeof Counter.client>>
) => {
  const config = ShardingConfig.layer({
    runnerAddress: Option.some(RunnerAddress.make(name, runnerPort)),
    shardsPerGroup: 12,
    shardLockExpiration: lockMillis,
    shardLockRefreshInterval: "2 seconds",
    runnerHealthCheckInterval: "5 seconds",
    entityTerminationTimeout: "1 second"
  })
  const health = RunnerHealth.layerPing.pipe(Layer.provide(Runners.layerRpc))
  const cluster = SocketRunner.layer.pipe(
    Layer.provide(health),
    Layer.provide(SimSocketServer.layer({ port: runnerPort })),
    Layer.provide([storage, clientProtocol, MessageStorage.layerNoop]),
    Layer.provide([RpcSerialization.layerNdjson, config])
  )
  return Effect.provide(program, Layer.provideMerge(counters(name, watch), cluster))
}
