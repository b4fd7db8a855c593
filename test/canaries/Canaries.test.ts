/**
 * The bugs that the simulator has to find, each within its seeds, and nothing in their twins.
 *
 * CANARY_SEEDS says how many seeds of each fixed twin are run: by default 60 of one host and 10 of
 * worlds, 10,000 before a release.
 */
import { Explore } from "@portico/sim"
import { describe, expect, it } from "vitest"
import type { Canary } from "./Canary.ts"
import { canaries, twins } from "./canaries.ts"

const runsOf = ({ fixed }: Canary): number =>
  Number(process.env["CANARY_SEEDS"] ?? ("world" in fixed ? 10 : 60))

describe.each(canaries)("the bug of $name", ({ buggy, calm = buggy, fails, seeds }) => {
  const timeout = 60_000

  it("is found within its seeds", { timeout }, () => {
    const { found, runs } = Explore.exploreSync(buggy, { runs: seeds })
    expect(found.map(({ failure }) => Explore.fingerprint(failure))).toEqual([fails])
    expect(runs).toBeLessThanOrEqual(seeds)
  })

  it("is not found in production order without faults", { timeout }, () => {
    const { faults, found } = Explore.exploreSync(calm, { runs: 5, strategy: "production" })
    expect(found).toEqual([])
    expect(faults).toBe(0)
  })
})

describe.each(twins)("the fixed twin of $name", (canary) => {
  const { fixed } = canary
  const runs = runsOf(canary)

  it("has no bug", { timeout: 60_000 + runs * 100 }, () => {
    const { commits, faults, found } = Explore.exploreSync(fixed, { runs })
    expect(found).toEqual([])
    expect(commits).toBeGreaterThanOrEqual(runs)
    expect(faults).toBeGreaterThanOrEqual("world" in fixed ? runs : 0)
  })
})
