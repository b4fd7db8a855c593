/** The README's example is a program that runs, and the README shows all of it. */
import * as fs from "node:fs"
import { expect, it } from "vitest"

const file = (name: string): string => fs.readFileSync(new URL(name, import.meta.url), "utf8")

it("the README shows the example as it is", () => {
  expect(file("../README.md")).toContain(file("example.ts"))
})

it("the example runs the laws and finds that one deviation is none", async () => {
  const { report } = await import("./example.ts")
  expect(report.failed.map(({ name }) => name)).toEqual([
    "CONN-11 does not hold: localhost is refused once both loopbacks refused"
  ])
  expect(report.passed).toBeGreaterThan(30)
})
