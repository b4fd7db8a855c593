/** Native promises within simulated tests, on the host whose globals are given. */
import type { GlobalsPort } from "@portico/core/port/index"
import { Explore, Probe } from "@portico/sim"
import { sim } from "@portico/sim/vitest"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"

const awaiting = Effect.andThen(
  Effect.promise(() => Promise.resolve(1)),
  Probe.committed
)

export const checkPromises = (host: GlobalsPort): void => {
  const settings = { runs: 20, world: { host } }

  sim.test("a promise settles in every run of a simulated test", awaiting, {
    ...settings,
    vacuous: ["schedules"]
  })

  it("one that never does is a deadlock", async () => {
    const never = Effect.promise(() => new Promise(() => {}))
    const { found } = await Effect.runPromise(Explore.explore(never, settings))
    expect(found.map(({ failure }) => failure.reason)).toEqual(["deadlock"])
  })
}
