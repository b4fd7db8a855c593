/**
 * Workers that write to a store, each while it holds a lease. A holder that is paused, or whose
 * clock was set, or whose write was long on its way, writes when the lease is another's already.
 * The fixed store refuses a fencing token older than one it has seen (Kleppmann, 2016).
 */
import { Tcp } from "@portico/core"
import { History, Linearizability, Models, Probe, SimWorld } from "@portico/sim"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Canary } from "./Canary.ts"

const port = 80
const leaseMillis = 100
/** What is left of a lease has to be enough for the work, and for the write. */
const marginMillis = 50
const workMillis = 20
const rounds = 24

/** A service that answers one byte by another. */
const serve = (answer: (request: number) => Effect.Effect<number>) =>
  Effect.gen(function* () {
    yield* Tcp.serve(
      (stream) =>
        Effect.gen(function* () {
          const [request] = yield* stream.readExactly(1)
          yield* stream.write(Uint8Array.of(yield* answer(request!)))
        }).pipe(Effect.ignore),
      { host: "0.0.0.0", port, connectionsMax: 100 }
    )
    return yield* Effect.never
  }).pipe(Effect.scoped)

const ask = (host: string, request: number) =>
  Effect.gen(function* () {
    const stream = yield* Tcp.connect({ host, port })
    yield* stream.write(Uint8Array.of(request))
    return (yield* stream.readExactly(1))[0]!
  }).pipe(Effect.scoped, Effect.timeout("2 seconds"))

/** Gives each lease another token, and no lease while there is one; 0 is none. */
const locker = Effect.suspend(() => {
  let token = 0
  let ends = 0
  return serve(() =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      if (now < ends) return 0
      ends = now + leaseMillis
      return ++token
    })
  )
})

/** Answers 1 when it took the write. */
const store = (isFixed: boolean) =>
  Effect.suspend(() => {
    let newest = 0
    return serve((token) =>
      Effect.sync(() => {
        if (isFixed && token < newest) return 0
        newest = token
        return 1
      })
    )
  })

type Calls = History.History<Models.LockInput, Models.LockOutput>

const worker = (calls: Calls, name: string) =>
  Effect.gen(function* () {
    let token = 0
    let ends = 0
    const acquire = Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const answer = Effect.map(ask("locker", 0), (given): Models.LockOutput =>
        given === 0 ? false : given
      )
      const given = yield* History.record(calls, name, { op: "acquire" }, answer)
      if (typeof given === "number") [token, ends] = [given, now + leaseMillis]
    })
    const use = Effect.gen(function* () {
      yield* Effect.sleep(workMillis)
      const answer = Effect.map(ask("store", token), (taken) => taken === 1)
      yield* History.record(calls, name, { op: "use", token }, answer)
      yield* Probe.committed
    })
    for (let round = 0; round < rounds; round++) {
      const now = yield* Clock.currentTimeMillis
      yield* Effect.ignore(now + marginMillis < ends ? use : acquire)
      yield* Effect.sleep("10 millis")
    }
  })

// The locker keeps what it gave in memory, so hosts do not crash.
const families: SimWorld.SwarmOptions["families"] = [
  "latency",
  "loss",
  "partition",
  "hold",
  "pause",
  "clock"
]

const lease = Models.fencedLock({ isLease: true })

const scenario = (isFixed: boolean, faults: SimWorld.SwarmOptions = { families }) => ({
  world: Effect.gen(function* () {
    const world = yield* SimWorld.World
    const calls: Calls = new History.History()
    yield* (yield* world.host("locker")).start(() => locker)
    yield* (yield* world.host("store")).start(() => store(isFixed))
    const workers = [yield* world.host("one"), yield* world.host("other")]
    const working = Effect.forEach(workers, (host) => host.run(worker(calls, host.name)), {
      concurrency: "unbounded"
    })
    yield* Effect.scoped(Effect.andThen(world.swarm(faults), working))
    const verdict = Linearizability.linearizable(lease, calls)
    const isRight = verdict._tag === "Linearizable"
    const found = isRight ? undefined : verdict.explanation
    yield* Probe.always("no older token is taken", isRight, found)
  })
})

export const leaseLock: Canary = {
  name: "a lease lock",
  buggy: scenario(false),
  calm: scenario(false, { families: [] }),
  fixed: scenario(true),
  fails: "violation: always no older token is taken",
  seeds: 150
}
