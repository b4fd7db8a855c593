import { EventLoop } from "@portico/core"
import { Explore, SimWorld } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { describe, expect, it } from "vitest"
import { ask, serve } from "./Echo.ts"

const openTimer = Effect.gen(function* () {
  const scope = yield* Scope.make()
  const loop = yield* EventLoop.EventLoop
  yield* Scope.provide(loop.openTimer("1 hour"), scope)
})
const forget = Effect.forkDetach(Effect.withSpan(Effect.never, "forgotten"), {
  startImmediately: true
})

/** What is left over, without stack frames; undefined when the run does not fail. */
const leaks = <E>(
  world: Effect.Effect<unknown, E, SimWorld.World | Scope.Scope>,
  allowLeaks = false
) => {
  const options = { runs: 1, strategy: "production", allowLeaks } as const
  const failure = Explore.exploreSync({ world }, options).found[0]?.failure
  if (failure !== undefined && failure.reason !== "leak") throw new Error(failure.message)
  const lines = failure?.message.split("\n  ").slice(1)
  return lines?.filter((line) => !line.includes(":   at "))
}

const onHost = <E>(
  act: (host: SimWorld.HostHandle) => Effect.Effect<unknown, E, SimWorld.World | Scope.Scope>
) =>
  Effect.gen(function* () {
    const world = yield* SimWorld.World
    yield* act(yield* world.host("a"))
  })

describe("at the end of a world of several hosts", () => {
  it("a handle and a fiber are left of a program that has ended", () => {
    const scenario = onHost((host) => host.run(Effect.andThen(openTimer, forget)))
    expect(leaks(scenario)).toEqual([
      "a, process 1: Timer 1",
      'a, process 1: fiber #3 "forgotten" has waited 3.0 s inside Effect'
    ])
    expect(leaks(scenario, true)).toBe(undefined)
  })

  it("they are told of the process that left them", () => {
    const main = () => Effect.andThen(Effect.sleep("1 second"), openTimer)
    const scenario = onHost((host) =>
      Effect.gen(function* () {
        yield* host.start(main)
        yield* host.restart
        yield* host.exit
      })
    )
    expect(leaks(scenario)).toEqual(["a, process 2: Timer 1"])
  })

  it("a program that was told to end is looked at, one that runs is not", () => {
    const server = Effect.andThen(forget, serve)
    const ending = (isTold: boolean) =>
      Effect.gen(function* () {
        const world = yield* SimWorld.World
        const [a, b] = [yield* world.host("a"), yield* world.host("b")]
        yield* a.start(() => server)
        yield* Effect.sleep("1 milli")
        yield* b.run(ask("a"))
        if (isTold) yield* Effect.andThen(a.signal("SIGTERM"), a.exit)
      })
    expect(leaks(ending(true))?.some((line) => line.includes("forgotten"))).toBe(true)
    expect(leaks(ending(false))).toBe(undefined)
  })

  it("nothing is left of programs that gave all back, or were killed", () => {
    const clean = onHost((host) => host.run(Effect.forkChild(Effect.never)))
    expect(leaks(clean)).toBe(undefined)
    const killed = onHost((host) =>
      Effect.andThen(host.run(openTimer), host.crash({ kind: "kill" }))
    )
    expect(leaks(killed)).toBe(undefined)
  })
})
