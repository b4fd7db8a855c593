/**
 * A register of three nodes. A leader that was cut off does not know yet that another was elected:
 * if it answers reads by itself, they are of the past. The fixed one has each read decided.
 */
import { Tcp } from "@portico/core"
import { History, Linearizability, Models, Probe, SimWorld } from "@portico/sim"
import * as Effect from "effect/Effect"
import type { Canary } from "./Canary.ts"
import { addressOf, clientPort, type Flaw, notLeader, serve } from "./RaftServer.ts"

const ids = [1, 2, 3]
const operations = 10

/** What the node says to a value to write, or to 0. */
const ask = (id: number, value: number) =>
  Effect.gen(function* () {
    const stream = yield* Tcp.connect({ host: addressOf(id), port: clientPort })
    yield* stream.write(Uint8Array.of(value))
    return (yield* stream.readExactly(1))[0]!
  }).pipe(Effect.scoped, Effect.timeout("200 millis"))

type Calls = History.History<Models.RegisterInput, Models.RegisterOutput>

/** Stays with a node as long as that takes itself for the leader. */
const client = (calls: Calls, name: string, isWriter: boolean) =>
  Effect.gen(function* () {
    let id = 1
    const another = Effect.sync(() => void (id = (id % ids.length) + 1))
    for (let count = 1; count <= operations; count++) {
      const input: Models.RegisterInput = isWriter ? { op: "write", value: count } : { op: "read" }
      const call = calls.call(name, input)
      const answer = yield* Effect.orElseSucceed(ask(id, isWriter ? count : 0), () => undefined)
      if (answer === undefined) calls.giveUp(call)
      else if (answer === notLeader) calls.fail(call)
      else {
        calls.return(call, isWriter ? true : answer)
        yield* Probe.committed
      }
      if (answer === undefined || answer === notLeader) yield* another
      yield* Effect.sleep("100 millis")
    }
  })

// Who restarts is no leader any more, so it is the network that matters.
const families: SimWorld.SwarmOptions["families"] = ["latency", "loss", "reorder", "pause"]

/** A node is cut off from the others, and not from clients, now and again. */
const cutOff = (hosts: readonly [SimWorld.HostHandle, ...Array<SimWorld.HostHandle>]) =>
  Effect.gen(function* () {
    const { net } = yield* SimWorld.World
    const one = yield* Probe.choose("who is cut off", hosts)
    const others = hosts.filter((host) => host !== one)
    yield* Effect.scoped(Effect.andThen(net.partition(one, others), Effect.sleep("700 millis")))
    yield* Effect.sleep("300 millis")
  }).pipe(Effect.forever)

const scenario = (flaw: Flaw | undefined, isFaulty = true) => ({
  world: Effect.gen(function* () {
    const world = yield* SimWorld.World
    const calls: Calls = new History.History()
    const start = (id: number) =>
      Effect.gen(function* () {
        const host = yield* world.host(`node-${id}`)
        yield* host.start(() => serve({ id, flaw, tickMillis: 50, onLeader: () => {} }))
        return host
      })
    const hosts = [yield* start(1), yield* start(2), yield* start(3)] as const
    const writer = yield* world.host("writer")
    const reader = yield* world.host("reader")
    const working = Effect.all(
      [writer.run(client(calls, "writer", true)), reader.run(client(calls, "reader", false))],
      { concurrency: "unbounded", discard: true }
    )
    const faulty = Effect.gen(function* () {
      yield* world.swarm({ families: isFaulty ? families : [] })
      if (isFaulty) yield* Effect.forkScoped(cutOff([...hosts]))
      yield* working
    })
    // A leader is elected by then.
    yield* Effect.sleep("500 millis")
    yield* Effect.scoped(faulty)
    const verdict = Linearizability.linearizable(Models.register(0), calls)
    const isRight = verdict._tag === "Linearizable"
    const found = isRight ? undefined : verdict.explanation
    yield* Probe.always("reads are of now", isRight, found)
  })
})

export const staleReads: Canary = {
  name: "stale reads",
  buggy: scenario("hasty"),
  calm: scenario("hasty", false),
  fixed: scenario(undefined),
  fails: "violation: always reads are of now",
  seeds: 1000
}
