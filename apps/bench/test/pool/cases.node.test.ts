/** Turns as the suite plays them, in small: real processes and threads. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { pool } from "../../src/pool/Pool.ts"
import { run } from "../../src/Runner.ts"

const contestants = pool.contestants.map(({ name }) => name)

// Each takes a second a contestant: one by values, one by moved memory.
const cases = pool.cases.filter(({ name }) => name === "tiny-x64" || name === "move-1m")

it.each(cases)("every contestant plays $name", { timeout: 60_000 }, async (one) => {
  const report = await run({ ...pool, cases: [one] }, { rounds: 1, seconds: 0.05 }).pipe(
    Effect.provideService(Console.Console, { ...globalThis.console, error: () => {} }),
    Effect.provide(NodeServices.layer),
    Effect.runPromise
  )
  expect(report.notes).toStrictEqual([])
  const throughputs = report.results.filter(({ metric }) => metric === "ops_per_second")
  expect(throughputs.map(({ contestant }) => contestant)).toStrictEqual(contestants)
  for (const { median, ratioTo } of throughputs) {
    expect(median).toBeGreaterThan(0)
    expect(ratioTo).toMatch(/^postmessage/)
  }
})
