import { describe, expect, it } from "vitest"
import { results } from "../src/Report.ts"
import { suite } from "./fixture.ts"

const sample = (contestant: string, cpu: number) => ({
  case: "only",
  contestant,
  measurements: { cpu_per_op: cpu }
})

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
        median: 3,
        min: 2,
        max: 4,
        ratio: 1,
        ratioTo: "node-raw"
      },
      {
        case: "only",
        contestant: "portico",
        metric: "cpu_per_op",
        unit: "µs",
        median: 4,
        min: 3,
        max: 5,
        ratio: 1.375,
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
})
