/**
 * Clients of a server that crashes by power or by kill, now and again, in 8 worlds, or
 * as many as `SIM_RUNS` says. What they were told must have an order. See `Crash.test.ts` for
 * crashes of one kind at a time.
 */
import { History, Linearizability, Models, Probe, SimWorld } from "@portico/sim"
import { sim } from "@portico/sim/vitest"
import * as Effect from "effect/Effect"
import * as References from "effect/References"
import { drive, isUp, type KvHistory, makeHosts, serveHere } from "./CrashWorld.ts"

const requestsPerClient = 40
const families = ["disk", "latency"] as const

/** Crashes just behind something that the disk has done: four, as clients go on until they end. */
const crash = (server: SimWorld.HostHandle) =>
  Effect.gen(function* () {
    const kind = yield* Probe.choose("crashes by", ["power", "kill"] as const)
    const on = yield* Probe.choose("crashes at", ["write", "sync", "metadata"] as const)
    const index = yield* Probe.choose("the event", [1, 2, 3, 4, 5, 6, 7, 8])
    yield* server.strikeAt({ on, index }, { crash: { kind }, downtime: "2 millis" })
    yield* Effect.sleep("20 millis")
  }).pipe(Effect.scoped, Effect.repeat({ times: 3 }))

const scenario = Effect.gen(function* () {
  const world = yield* SimWorld.World
  const { clients, server } = yield* makeHosts(2)
  const history: KvHistory = new History.History()
  // A log that is rewritten all the time, so that crashes come within.
  const serve = serveHere({ sync: "always", rewriteBytesMin: 500 })
  const quiet = Effect.provideService(References.MinimumLogLevel, "None")
  yield* server.start(() => quiet(serve()))
  yield* clients[0]!.run(isUp)
  const faulty = Effect.gen(function* () {
    yield* world.swarm({ hosts: [server], downMax: 1, families })
    yield* Effect.forkScoped(crash(server))
    const driven = clients.map((host, index) =>
      host.run(drive(`client-${index}`, history, requestsPerClient))
    )
    yield* Effect.all(driven, { concurrency: "unbounded" })
  })
  // A server that does not come back is waited for in vain.
  const refused = Effect.flatMap(server.exit, (exit) => Effect.die(`It ended: ${String(exit)}`))
  yield* Effect.raceFirst(Effect.scoped(faulty), refused)
  yield* world.heal()
  yield* clients[0]!.run(Effect.andThen(isUp, drive("last", history, 6)))
  yield* Probe.sometimes("it crashed twice", (yield* server.incarnation) > 2)
  const verdict = Linearizability.linearizable(Models.keyValue, history)
  const isRight = verdict._tag === "Linearizable"
  const found = isRight ? undefined : verdict.explanation
  yield* Probe.always("what clients were told has an order", isRight, found)
  const isMost = history.completed > requestsPerClient
  if (isMost) yield* Probe.committed
  yield* Probe.sometimes("most requests were answered", isMost)
})

sim.test(
  "crashes lose nothing that was acknowledged",
  { world: scenario },
  { runs: 8, budget: "5 minutes", faults: true }
)
