import { expect, it } from "vitest"
import { problemsOf, runOn } from "./onHosts.ts"
import { runSeeds } from "./runSeeds.ts"

it("20 seeds go the same way twice, on Node and on Bun", { timeout: 60_000 }, async () => {
  const seeds = { first: 0, count: 20 }
  const bun = runOn("bun", seeds)
  const node = runSeeds(seeds)
  expect(problemsOf(node, await bun)).toEqual([])
  // They get far enough for something to go otherwise.
  expect(node.steps).toBeGreaterThan(seeds.count * 100)
})
