import { describe, expect, it } from "vitest"
import { Meter } from "../../src/scheduler/programs/Meter.ts"

/** Counts until the window is over; answers what was called, and when. */
const run = (warmSeconds: number, seconds: number) => {
  const events: Array<readonly [name: string, millis: number]> = []
  const event = (name: string) => () => void events.push([name, performance.now()])
  const started = performance.now()
  const meter = new Meter(
    { warmSeconds, seconds },
    { onStart: event("start"), onEnd: event("end") }
  )
  while (meter.goesOn()) meter.count()
  return { meter, events, started }
}

describe("Meter", () => {
  it("begins after the warm-up and ends after the window", () => {
    const { events, meter, started } = run(0.01, 0.02)
    expect(events.map(([name]) => name)).toStrictEqual(["start", "end"])
    const [[, start], [, end]] = events as [(typeof events)[0], (typeof events)[0]]
    expect(start - started).toBeGreaterThanOrEqual(10)
    expect(end - started).toBeGreaterThanOrEqual(30)
    expect(meter.seconds).toBeGreaterThanOrEqual(0.02)
  })

  it("counts the operations of the window only", () => {
    const { meter } = run(0, 0.005)
    const { ops_per_second } = meter.measurements
    const ops = (ops_per_second as number) * meter.seconds
    // It looks every 256 operations, so the window holds a multiple.
    expect(ops / 256).toBeCloseTo(Math.round(ops / 256), 3)
    expect(ops).toBeGreaterThan(0)
  })

  it("has no figures before the end", () => {
    const meter = new Meter({ warmSeconds: 0, seconds: 1 })
    expect(() => meter.measurements).toThrow("The window is not over")
  })
})
