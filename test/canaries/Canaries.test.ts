/**
 * The bugs that the simulator has to find, each within its seeds, and nothing in their twins.
 *
 * CANARY_SEEDS says how many seeds of each fixed twin are run: 200 here, 10,000 before a release.
 */
import { Explore } from "@portico/sim"
import { describe, expect, it } from "vitest"
import type { Canary } from "./Canary.ts"
import { crossedLocks } from "./CrossedLocks.ts"
import { doubleSpend } from "./DoubleSpend.ts"
import { framedCalls } from "./FramedCalls.ts"
import { lostWakeUp } from "./LostWakeUp.ts"
import { narrowWindow } from "./NarrowWindow.ts"
import { staleCache } from "./StaleCache.ts"

const canaries: ReadonlyArray<Canary> = [
  doubleSpend,
  staleCache,
  narrowWindow,
  lostWakeUp,
  crossedLocks,
  framedCalls
]
const fixedRuns = Number(process.env["CANARY_SEEDS"] ?? 200)
const timeout = 20_000 + fixedRuns * 20

describe.each(canaries)("the bug of $name", ({ buggy, fails, fixed, seeds }) => {
  it("is found within its seeds", { timeout }, () => {
    const { found, runs } = Explore.exploreSync(buggy, { runs: seeds })
    expect(found.map(({ failure }) => Explore.fingerprint(failure))).toEqual([fails])
    expect(runs).toBeLessThanOrEqual(seeds)
  })

  it("is not found in production order", () => {
    const { found } = Explore.exploreSync(buggy, { runs: 20, strategy: "production" })
    expect(found).toEqual([])
  })

  it("is not found where it was fixed", { timeout }, () => {
    const { commits, found } = Explore.exploreSync(fixed, { runs: fixedRuns })
    expect(found).toEqual([])
    expect(commits).toBeGreaterThanOrEqual(fixedRuns)
  })
})
