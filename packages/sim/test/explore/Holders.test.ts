import { Tcp, type TcpStream } from "@portico/core"
import { CapacityLimiter, Channel } from "@portico/core/sync"
import { Explore, SimBackend, SimWorld } from "@portico/sim"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Semaphore from "effect/Semaphore"
import { describe, expect, it } from "vitest"
import { port } from "../hosts/Echo.ts"

const title = "  Who waits for whom, found by ending each fiber in a run of its own:"

/** What is said of who waits for whom, when the scenario is deadlocked. */
const holders = (scenario: Explore.Scenario, strategy: Explore.Portfolio = "production") => {
  const [found] = Explore.exploreSync(scenario, { runs: 50, strategy }).found
  if (found?.failure.reason !== "deadlock") throw new Error(found?.failure.message ?? "no deadlock")
  const lines = found.failure.message.split("\n")
  return lines.slice(lines.indexOf(title) + 1).map((line) => line.trim())
}

const named = <A, E, R>(name: string, effect: Effect.Effect<A, E, R>) =>
  Effect.forkChild(Effect.withSpan(effect, name))

/** Each takes what the other has; `meet` makes sure that both have something. */
const crossed = (
  withFirst: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, unknown>,
  withSecond: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, unknown>
) =>
  Effect.gen(function* () {
    const one = yield* named(
      "one",
      withFirst(Effect.andThen(Effect.yieldNow, withSecond(Effect.void)))
    )
    const two = yield* named(
      "two",
      withSecond(Effect.andThen(Effect.yieldNow, withFirst(Effect.void)))
    )
    yield* Fiber.joinAll([one, two])
  })

const cycle = 'a cycle: fiber #3 "one" → fiber #4 "two" → fiber #3 "one"'

describe("a deadlock that was explored", () => {
  it("names who holds a semaphore's permits, and shows a cycle as one", () => {
    const scenario = Effect.suspend(() => {
      const [a, b] = [Semaphore.makeUnsafe(1), Semaphore.makeUnsafe(1)]
      return crossed(
        (effect) => a.withPermit(effect),
        (effect) => b.withPermit(effect)
      )
    })
    expect(holders(scenario)).toEqual([
      "fiber #1 waits for fiber #2",
      'fiber #2 waits for fiber #3 "one" or fiber #4 "two"',
      'fiber #3 "one" waits for fiber #4 "two"',
      'fiber #4 "two" waits for fiber #3 "one"',
      cycle
    ])
  })

  it("names who holds the tokens of a limiter", () => {
    const scenario = Effect.gen(function* () {
      const a = yield* CapacityLimiter.make({ tokensMax: 1 })
      const b = yield* CapacityLimiter.make({ tokensMax: 1 })
      yield* crossed(
        (effect) => a.withToken(effect),
        (effect) => b.withToken(effect)
      )
    })
    expect(holders(scenario)).toContain(cycle)
  })

  it("tells who stands in line, and that nobody would help the first", () => {
    const scenario = Effect.gen(function* () {
      const lock = Semaphore.makeUnsafe(1)
      const never = Deferred.makeUnsafe<void>()
      yield* named("has it", lock.withPermit(Deferred.await(never)))
      yield* named("is next", lock.withPermit(Effect.void))
      yield* named("is behind", lock.withPermit(Effect.void))
      return yield* Effect.never
    })
    expect(holders(scenario).slice(1)).toEqual([
      "fiber #2 waits for what no other fiber's end would bring",
      'fiber #3 "has it" waits for what no other fiber\'s end would bring',
      'fiber #4 "is next" waits for fiber #3 "has it"',
      'fiber #5 "is behind" waits for fiber #3 "has it" (behind fiber #4 "is next")'
    ])
  })

  it("names who has the other end of a channel without a free slot", () => {
    const scenario = Effect.gen(function* () {
      const { receiver, sender } = yield* Channel.make<number>({ capacity: 1 })
      const send = sender.send(1)
      yield* named("sends", Effect.andThen(send, send))
      yield* named("receives", Effect.ensuring(Effect.never, receiver.close))
      return yield* Effect.never
    }).pipe(Effect.scoped)
    expect(holders(scenario)[2]).toMatch(/^fiber #3 "sends" waits for .*fiber #4 "receives"/)
  })

  it("names who, on another host, has the other end of a stream", () => {
    const reading = (stream: TcpStream.TcpStream) => Effect.withSpan(stream.read, "reads")
    const world = Effect.gen(function* () {
      const { host } = yield* SimWorld.World
      const [a, b] = [yield* host("a"), yield* host("b")]
      const serve = Tcp.serve(reading, { host: "0.0.0.0", port, connectionsMax: 1 })
      yield* a.start(() => Effect.scoped(Effect.andThen(serve, Effect.never)))
      yield* Effect.sleep("1 milli")
      yield* b.run(Effect.scoped(Effect.flatMap(Tcp.connect({ host: "a", port }), reading)))
    })
    const lines = holders({ world })
    expect(lines).toContain("b: fiber #1 waits for what no other fiber's end would bring")
    const [a, b] = ['a: fiber #4 "reads"', 'b: fiber #2 "reads"']
    expect(lines.at(-1)).toBe(`a cycle: ${a} → ${b} → ${a}`)
  })

  it("says so where nobody was tried", () => {
    const exit = SimBackend.runSync(Effect.never, { seed: 1 })
    expect(String(Exit.isFailure(exit) && exit.cause)).toContain("is unknown within one run")
  })
})
