import { expect, it } from "vitest"
import manifest from "../../package.json" with { type: "json" }

it("project bun runs on the pinned Bun", () => {
  expect(process.versions.bun).toBe(manifest.devDependencies.bun)
})

it("a workspace package resolves to its sources", () => {
  expect(import.meta.resolve("@portico/core")).toMatch(/packages\/core\/src\/index\.ts$/)
})
