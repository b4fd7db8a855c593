import { describe, expect, it } from "vitest"
import type { Measurements } from "../src/Metric.ts"
import { notes, results } from "../src/Report.ts"
import { suite } from "./fixture.ts"

const turn = (contestant: string, measurements: Measurements) => ({
  case: "only",
  contestant,
  measurements
})

const sample = (contestant: string, cpu: number) => turn(contestant, { cpu_per_op: cpu })

const two = suite(() => {})

describe("Report", () => {
  it("gives every contestant and metric one entry of one form", () => {
    const samples = [
      sample("node-raw", 2),
      sample("portico", 3),
      sample("portico", 5),
      sample("node-raw", 4)
    ]
    expect(results(two, samples)).toStrictEqual([
      {
        case: "only",
        contestant: "node-raw",
        metric: "cpu_per_op",
        unit: "µs",
        better: "lower",
        median: 3,
        min: 2,
        max: 4,
        atLeast: false,
        ratio: 1,
        ratioSpread: 0,
        ratioTo: "node-raw"
      },
      {
        case: "only",
        contestant: "portico",
        metric: "cpu_per_op",
        unit: "µs",
        better: "lower",
        median: 4,
        min: 3,
        max: 5,
        atLeast: false,
        ratio: 1.375,
        ratioSpread: 0.125,
        ratioTo: "node-raw"
      }
    ])
  })

  it("has no ratio when the raw host took no part", () => {
    const [only] = results(two, [sample("portico", 3)])
    expect([only?.ratio, only?.ratioTo]).toStrictEqual([null, null])
  })

  it("keeps six digits", () => {
    expect(results(two, [sample("portico", 1 / 3)])[0]?.median).toBe(0.333333)
  })

  it("says which way is better", () => {
    const figures = { ops_per_second: 1, latency_p50: 1, generator_busy: 1 }
    const better = results(two, [turn("portico", figures)]).map((it) => [it.metric, it.better])
    expect(better).toStrictEqual([
      ["ops_per_second", "higher"],
      ["latency_p50", "lower"],
      ["generator_busy", null]
    ])
  })

  it("marks a median that a given up wait decides, and no other", () => {
    const waits = (...figures: ReadonlyArray<Measurements["latency_p50"]>) =>
      results(
        two,
        figures.map((latency_p50) => turn("portico", { latency_p50: latency_p50! }))
      )[0]
    expect(waits(1, { atLeast: 9 }, { atLeast: 9 })).toMatchObject({ median: 9, atLeast: true })
    expect(waits(1, 2, { atLeast: 9 })).toMatchObject({ median: 2, max: 9, atLeast: false })
  })

  it("has a ratio to a bound, and none between two bounds", () => {
    const bound = { latency_p50: { atLeast: 10 } }
    const ratios = (portico: Measurements) =>
      results(two, [turn("node-raw", bound), turn("portico", portico)]).map((it) => it.ratio)
    expect(ratios({ latency_p50: 1 })).toStrictEqual([null, 0.1])
    expect(ratios(bound)).toStrictEqual([null, null])
  })

  it("compares only the rounds in which both gave a figure", () => {
    const samples = [
      turn("node-raw", { note: "ended" }),
      turn("portico", { cpu_per_op: 100 }),
      turn("node-raw", { cpu_per_op: 2 }),
      turn("portico", { cpu_per_op: 3 })
    ]
    expect(results(two, samples)[1]).toMatchObject({ contestant: "portico", ratio: 1.5 })
  })

  it("tells each note once, and in how many rounds", () => {
    const samples = [
      turn("portico", { note: "hung" }),
      turn("node-raw", { cpu_per_op: 1 }),
      turn("portico", { note: "ended" }),
      turn("portico", { note: "hung" })
    ]
    expect(notes(two, samples)).toStrictEqual([
      { case: "only", contestant: "portico", rounds: 2, note: "hung" },
      { case: "only", contestant: "portico", rounds: 1, note: "ended" }
    ])
  })
})
