/**
 * Three nodes elect a leader, again and again, and start anew in between. A node that forgets its
 * vote gives it to two candidates of the same term.
 */
import { Probe, SimWorld } from "@portico/sim"
import * as Effect from "effect/Effect"
import type { Canary } from "./Canary.ts"
import { type Flaw, serve } from "./RaftServer.ts"

// Leaders come and go where messages take as long as heartbeats do.
const families: SimWorld.SwarmOptions["families"] = ["latency", "loss", "reorder", "partition"]

/** A process ends just behind some send, and the next one begins, now and again. */
const restart = (hosts: readonly [SimWorld.HostHandle, ...Array<SimWorld.HostHandle>]) =>
  Effect.gen(function* () {
    const host = yield* Probe.choose("who restarts", hosts)
    const index = yield* Probe.choose("at its send", [1, 2])
    yield* host.strikeAt({ on: "send", index }, { crash: { kind: "kill" }, downtime: "1 milli" })
    yield* Effect.sleep("15 millis")
  }).pipe(Effect.scoped, Effect.forever)

const scenario = (flaw: Flaw | undefined, isFaulty = true) => ({
  world: Effect.gen(function* () {
    const world = yield* SimWorld.World
    const leaders = new Map<number, Set<number>>()
    const start = (id: number) =>
      Effect.gen(function* () {
        const onLeader = (term: number) => {
          leaders.set(term, (leaders.get(term) ?? new Set()).add(id))
        }
        const host = yield* world.host(`node-${id}`)
        yield* host.start(() => serve({ id, flaw, tickMillis: 10, onLeader }))
        return host
      })
    const hosts = [yield* start(1), yield* start(2), yield* start(3)] as const
    const faulty = Effect.gen(function* () {
      yield* world.swarm({ families: isFaulty ? families : [] })
      if (isFaulty) yield* Effect.forkScoped(restart([...hosts]))
      yield* Effect.sleep("500 millis")
    })
    yield* Effect.scoped(faulty)
    yield* Effect.forEach(leaders, () => Probe.committed)
    const most = Math.max(0, ...[...leaders.values()].map(({ size }) => size))
    yield* Probe.always("a term has one leader", most <= 1, `${most}`)
  })
})

export const elections: Canary = {
  name: "elections",
  buggy: scenario("forgetful"),
  calm: scenario("forgetful", false),
  fixed: scenario(undefined),
  fails: "violation: always a term has one leader",
  seeds: 500
}
