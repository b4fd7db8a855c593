import { describe, expect, it } from "vitest"
import type { Measurements } from "../src/Metric.ts"
import * as Table from "../src/Table.ts"
import { reportOf } from "./fixture.ts"

/** The table of one round. */
const shown = (raw: Measurements, portico: Measurements): string =>
  Table.render(reportOf(raw, portico))

describe("Table", () => {
  it("says which way is better", () => {
    const text = shown({ ops_per_second: 1, latency_p50: 1, generator_busy: 1 }, {})
    expect(text).toMatch(/ops\/s ↑ +p50 ms ↓ +generator busy\n/)
  })

  it("shows a bound as one, and the ratio to it as one", () => {
    const text = shown({ latency_p50: { atLeast: 4_000 } }, { latency_p50: 2 })
    expect(text).toMatch(/node-raw +≥4,000 ±0%\n/)
    expect(text).toMatch(/portico +2\.00 ±0% ×≤0\.00050\n/)
  })

  it("shows a dash for what was not measured, and why", () => {
    const text = shown({ note: "ended" }, { latency_p50: 2 })
    expect(text).toMatch(/node-raw +–\n/)
    expect(text).toContain("\n  node-raw, 1 of 1: ended\n")
  })

  it("shows a count of 0 without a spread or a ratio", () => {
    expect(shown({ timer_ticks: 0 }, { timer_ticks: 5 })).toMatch(/node-raw +0\nportico +5 ±0%\n/)
  })
})
