/** Turns as the suite plays them, in small: real processes, sockets and schedulers. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { Case, Suite } from "../../src/Suite.ts"
import { run } from "../../src/Runner.ts"
import { echoUnderCase } from "../../src/scheduler/EchoUnder.ts"
import { scheduler } from "../../src/scheduler/Scheduler.ts"
import { soloCase } from "../../src/scheduler/Solo.ts"

const play = (one: Case, contestants: Suite["contestants"] = scheduler.contestants) =>
  run({ ...scheduler, cases: [one], contestants }, { rounds: 1, seconds: 0.05 }).pipe(
    Effect.provideService(Console.Console, { ...globalThis.console, error: () => {} }),
    Effect.provide(NodeServices.layer),
    Effect.runPromise
  )

const onNode = scheduler.contestants.filter((it) => it.host === "node")

describe("the scheduler suite", () => {
  it("plays an echo beside fibers that compute", { timeout: 60_000 }, async () => {
    const report = await play(echoUnderCase("echo-under-3", "3 fibers", { size: 3 }), onNode)
    const cpu = ["cpu_per_op", "cpu_per_op_quiet"]
    const metrics = [...cpu, "ops_per_second", "latency_p50", "latency_p99", "timer_late_p99"]
    const expected = onNode.flatMap(({ name }) =>
      [...metrics, "generator_busy"].map((metric) => [name, metric])
    )
    expect(report.results.map((it) => [it.contestant, it.metric])).toStrictEqual(expected)
    expect(report.notes).toStrictEqual([])
    for (const { contestant, ratioTo } of report.results) {
      expect(ratioTo).toBe(contestant.replace("portico", "effect"))
    }
    // A timer may well be in time.
    const positive = report.results.filter((it) => it.metric !== "timer_late_p99")
    for (const { median } of positive) expect(median).toBeGreaterThan(0)
  })

  it("plays a program that measures itself", { timeout: 60_000 }, async () => {
    const report = await play(soloCase("short", "20 fibers", { program: "chain", size: 20 }))
    expect(report.results.map((it) => [it.contestant, it.metric])).toStrictEqual(
      scheduler.contestants.flatMap(({ name }) => [
        [name, "time_to_finish"],
        [name, "cpu_time"]
      ])
    )
    expect(report.notes).toStrictEqual([])
  })

  it("tells why a program gave no answer, and goes on", { timeout: 60_000 }, async () => {
    const lost = new URL("lost.ts", import.meta.url)
    const report = await play(
      soloCase("lost", "", { program: "chain", size: 1 }),
      onNode.map((contestant) => ({ ...contestant, program: lost }))
    )
    expect(report.results).toStrictEqual([])
    expect(report.notes.map((it) => [it.contestant, it.note])).toStrictEqual([
      ["portico-node", 'ended before it said "done": Error: lost'],
      ["effect-node", 'ended before it said "done": Error: lost']
    ])
  })
})
