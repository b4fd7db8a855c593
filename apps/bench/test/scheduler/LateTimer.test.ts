import { expect, it } from "vitest"
import { LateTimer } from "../../src/scheduler/programs/LateTimer.ts"

it("a timer that is late and has not fired gives a lower bound", () => {
  using timer = new LateTimer()
  timer.start()
  const end = performance.now() + 15
  while (performance.now() < end);
  const bound = timer.p99()
  expect(bound).toHaveProperty("atLeast")
  expect((bound as { readonly atLeast: number }).atLeast).toBeGreaterThanOrEqual(4.9)
})
