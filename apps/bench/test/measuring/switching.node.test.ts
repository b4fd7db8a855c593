/** That what is switched off and on is the scheduler's measuring, on either host. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { measuring } from "../../src/measuring/Measuring.ts"
import { run } from "../../src/Runner.ts"

const contestants = measuring.contestants.filter((it) => it.name.startsWith("switching"))
const cases = measuring.cases.filter((it) => it.name === "deferred")

describe("the suite measuring", () => {
  it("switches in one process", { timeout: 60_000 }, async () => {
    const report = await run({ ...measuring, cases, contestants }, { rounds: 1, seconds: 1 }).pipe(
      Effect.provideService(Console.Console, { ...globalThis.console, error: () => {} }),
      Effect.provide(NodeServices.layer),
      Effect.runPromise
    )
    expect(report.notes).toStrictEqual([])
    const ratios = ["measuring_to_list", "measuring_to_nothing", "list_to_nothing"]
    for (const { name } of contestants) {
      const told = report.results.filter((it) => it.contestant === name)
      const medians = ratios.map((metric) => told.find((it) => it.metric === metric)?.median)
      // There is a ratio only where the scheduler did each of the three. In so short a window on a
      // busy machine it says no more.
      for (const median of medians) expect(median).toBeGreaterThan(0)
    }
  })
})
