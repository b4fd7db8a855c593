import * as NodeServices from "@effect/platform-node/NodeServices"
import { describe, expect, it } from "vitest"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { Failure } from "../src/Failure.ts"
import { ordered, run } from "../src/Runner.ts"
import * as Table from "../src/Table.ts"
import { suite } from "./fixture.ts"

/** Without the lines of progress. */
const quietly = <A, E>(test: Effect.Effect<A, E, NodeServices.NodeServices>) =>
  test.pipe(
    Effect.provideService(Console.Console, { ...globalThis.console, error: () => {} }),
    Effect.provide(NodeServices.layer),
    Effect.runPromise
  )

describe("Runner", () => {
  it("lets contestants take turns, every second round backwards", () =>
    Effect.gen(function* () {
      const turns: Array<string> = []
      yield* run(
        suite((name) => turns.push(name)),
        { rounds: 4, seconds: 1 }
      )
      const [raw, portico] = ["node-raw", "portico"]
      expect(turns).toStrictEqual([raw, portico, portico, raw, portico, raw, raw, portico])
    }).pipe(quietly))

  it("puts each of two contestants before the other as often", () => {
    const items = ["a", "b", "c", "d"]
    const rounds = Array.from({ length: 8 }, (_, round) => ordered(items, round))
    for (const one of items)
      for (const other of items.filter((it) => it !== one)) {
        const before = rounds.filter((round) => round.indexOf(one) < round.indexOf(other))
        expect(before.length).toBe(4)
      }
  })

  it("reports what every suite's JSON has", () =>
    Effect.gen(function* () {
      const report = yield* run(
        suite(() => {}),
        { rounds: 3, seconds: 1 }
      )
      const again = JSON.parse(JSON.stringify(report))
      expect(Object.keys(again)).toStrictEqual([
        "suite",
        "versions",
        "machine",
        "command",
        "startedAt",
        "rounds",
        "seconds",
        "baseline",
        "summary",
        "cases",
        "absent",
        "results",
        "notes"
      ])
      expect(again).toStrictEqual(report)
      expect([report.suite, report.rounds, report.results.length]).toStrictEqual(["fixture", 3, 4])
    }).pipe(quietly))

  it("shows people the same figures", () =>
    Effect.gen(function* () {
      const known = suite(() => {})
      const text = Table.render(yield* run(known, { rounds: 1, seconds: 1 }))
      expect(text).toContain("only: One case")
      expect(text).toMatch(/portico +3\.00 ±0% ×1\.50 /)
      const twice = Table.render(yield* run(known, { rounds: 2, seconds: 1 }))
      expect(twice).toMatch(/portico +3\.00 ±0% ×1\.50 ±0\.00/)
    }).pipe(quietly))

  it("gives no turn to a contestant that does not play the case", () =>
    Effect.gen(function* () {
      const turns: Array<string> = []
      const all = suite((name) => turns.push(name))
      const [raw, portico] = all.contestants
      const contestants = [{ ...raw!, plays: ["another"] }, portico!]
      yield* run({ ...all, contestants }, { rounds: 2, seconds: 1 })
      expect(turns).toStrictEqual(["portico", "portico"])
    }).pipe(quietly))

  it("names the case that could not be measured", () =>
    Effect.gen(function* () {
      const broken = suite(() => {})
      const measure = () => Effect.fail(new Failure({ message: "portico ended" }))
      const cases = broken.cases.map((one) => ({ ...one, measure }))
      const error = yield* Effect.flip(run({ ...broken, cases }, { rounds: 1, seconds: 1 }))
      expect(error.message).toBe("Cannot measure only: portico ended")
    }).pipe(quietly))
})
