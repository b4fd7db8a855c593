import { IoError, Resolver } from "@portico/core"
import { SimWorld } from "@portico/sim"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"
import { draw, families } from "../../src/fault/FaultProfile.ts"
import { Prng } from "../../src/Prng.ts"

/** What a lookup comes to, and how long it takes. */
const lookUp = Effect.gen(function* () {
  const begin = yield* Clock.currentTimeMillis
  const exit = yield* Effect.exit(Resolver.lookup("server"))
  const millis = (yield* Clock.currentTimeMillis) - begin
  const error = Exit.isSuccess(exit) ? undefined : Exit.findErrorOption(exit)
  return `${Exit.isSuccess(exit) ? "found" : wordOf(error)} ${millis}`
})

const wordOf = (error: unknown): string => {
  const { value } = Object(error) as { readonly value?: unknown }
  return value instanceof IoError.IoError ? value.reason._tag : "unknown"
}

const scenario = (isHealed: boolean) =>
  Effect.gen(function* () {
    const world = yield* SimWorld.World
    yield* world.host("server")
    const client = yield* world.host("client")
    yield* world.swarm({ families: ["names"] })
    if (isHealed) yield* world.heal()
    const told: Array<string> = []
    for (let round = 0; round < 10; round++) told.push(yield* client.run(lookUp))
    return { told, struck: yield* world.struck }
  }).pipe(Effect.scoped)

const runs = (isHealed: boolean) =>
  Array.from({ length: 40 }, (_, seed) => {
    const exit = SimWorld.runSync(scenario(isHealed), { seed })
    if (Exit.isFailure(exit)) throw new Error(String(exit.cause))
    return exit.value
  })

describe("names that are struck", () => {
  it("are late, fail for now, or are not found, in about half of the seeds", () => {
    const all = runs(false)
    expect(new Set(all.flatMap(({ told }) => told))).toEqual(
      new Set(["found 0", "found 100", "found 5000", "TemporaryFailure 0", "NameNotFound 0"])
    )
    for (const { struck, told } of all) {
      expect(told.filter((one) => one !== "found 0")).toHaveLength(struck)
    }
    const quiet = all.filter(({ struck }) => struck === 0)
    expect(quiet.length).toBeGreaterThan(10)
    expect(quiet.length).toBeLessThan(30)
  })

  it("answer as they should once the world is healed", () => {
    const told = runs(true).flatMap((run) => run.told)
    expect(new Set(told)).toEqual(new Set(["found 0"]))
  })

  it("are no part of a swarm that nobody asked for them", () => {
    const profiles = Array.from({ length: 100 }, (_, seed) => draw(new Prng(seed, 1), families))
    expect(profiles.flatMap((profile) => profile.families)).not.toContain("names")
  })
})
