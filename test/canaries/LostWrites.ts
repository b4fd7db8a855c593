/**
 * A service that keeps values, whose power fails: what it acknowledged has to be there afterwards,
 * and nothing that was never written. See `WalStore` for its three flaws.
 */
import { Tcp } from "@portico/core"
import { History, Linearizability, Models, Probe, SimWorld } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { Canary } from "./Canary.ts"
import { type Flaw, open } from "./WalStore.ts"

const port = 80
const keys = 2
const clients = 3
const writesPerClient = 5

/** A request is a key and the value to put, or 0 to get; the answer is the value, 0 for none. */
const serve = (flaw: Flaw | undefined) =>
  Effect.gen(function* () {
    const store = yield* open(flaw)
    yield* Tcp.serve(
      (stream) =>
        Effect.gen(function* () {
          const [key, value] = yield* stream.readExactly(2)
          if (value! > 0) yield* store.put(key!, value!)
          yield* stream.write(Uint8Array.of(store.values.get(key!) ?? 0))
        }).pipe(Effect.ignore),
      { host: "0.0.0.0", port, connectionsMax: 10 }
    )
    return yield* Effect.never
  }).pipe(Effect.scoped)

// Who has not connected has asked for nothing yet.
const connect = Effect.retry(Tcp.connect({ host: "server", port, timeout: "200 millis" }), {
  schedule: Schedule.spaced("20 millis"),
  times: 5
})

const ask = (key: number, value: number) =>
  Effect.gen(function* () {
    const stream = yield* connect
    yield* stream.write(Uint8Array.of(key, value))
    return (yield* Effect.timeout(stream.readExactly(1), "200 millis"))[0]!
  }).pipe(Effect.scoped)

// What a network does has other canaries.
const families: SimWorld.SwarmOptions["families"] = ["disk", "pause", "kill"]

type Calls = History.History<Models.KeyValueInput, Models.KeyValueOutput>

const put = (calls: Calls, client: number, key: number, value: number) =>
  History.record(
    calls,
    client,
    { op: "put", key: `${key}`, value },
    Effect.as(ask(key, value), true)
  )

const get = (calls: Calls, client: number, key: number) =>
  History.record(
    calls,
    client,
    { op: "get", key: `${key}` },
    Effect.map(ask(key, 0), (value) => (value === 0 ? null : value))
  )

const work = (calls: Calls, client: number) =>
  Effect.gen(function* () {
    for (let count = 1; count <= writesPerClient; count++) {
      const value = client * writesPerClient + count
      const key = value % keys
      const written = Effect.andThen(put(calls, client, key, value), Probe.committed)
      yield* Effect.ignore(written)
      yield* Effect.ignore(get(calls, client, key))
      yield* Effect.sleep("100 millis")
    }
  })

const check = (calls: Calls) => {
  const verdict = Linearizability.linearizable(Models.keyValue, calls)
  const isRight = verdict._tag === "Linearizable"
  const found = isRight ? undefined : verdict.explanation
  return Probe.always("what was acknowledged is there", isRight, found)
}

const kinds = [undefined, "write", "metadata"] as const

/** A loss of power just behind some I/O event, now and again. */
const losePower = (server: SimWorld.HostHandle) =>
  Effect.gen(function* () {
    const on = yield* Probe.choose("loses power at", kinds)
    const index = yield* Probe.choose("the event", [1, 2, 3, 4])
    yield* server.strikeAt({ on, index }, { crash: {}, downtime: "20 millis" })
    yield* Effect.sleep("200 millis")
  }).pipe(Effect.scoped, Effect.forever)

const scenario = (flaw: Flaw | undefined, isFaulty = true) => ({
  world: Effect.gen(function* () {
    const world = yield* SimWorld.World
    const [server, shop] = [yield* world.host("server"), yield* world.host("shop")]
    const calls: Calls = new History.History()
    // As slow as a cloud's: most of the time, something is on its way to it.
    yield* server.disk.setSpeed({ latencyNanos: 1e6, syncNanos: 5e6 })
    yield* server.start(() => serve(flaw))
    const each = Array.from({ length: clients }, (_, client) => shop.run(work(calls, client)))
    const working = Effect.all(each, { concurrency: "unbounded", discard: true })
    const faulty = Effect.gen(function* () {
      yield* world.swarm({ hosts: [server], downMax: 1, families: isFaulty ? families : [] })
      if (isFaulty) yield* Effect.forkScoped(losePower(server))
      yield* working
    })
    yield* Effect.scoped(faulty)
    yield* world.heal()
    for (let key = 0; key < keys; key++) {
      yield* shop.run(Effect.retry(get(calls, clients, key), Schedule.spaced("100 millis")))
    }
    yield* check(calls)
  })
})

const fixed = scenario(undefined)

const canary = (name: string, flaw: Flaw): Canary => ({
  name,
  buggy: scenario(flaw),
  calm: scenario(flaw, false),
  fixed,
  fails: "violation: always what was acknowledged is there",
  seeds: 50
})

export const earlyAcknowledgement = canary("an early acknowledgement", "early")
export const unsyncedRename = canary("an unsynced rename", "renamed")
export const tornTail = canary("a torn tail", "trusting")
