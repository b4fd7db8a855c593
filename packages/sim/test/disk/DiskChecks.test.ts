/** The promises of a simulated disk; `Mutants.node.test.ts` shows that each of them can fail. */
import { describe, it } from "vitest"
import { diskChecks } from "./DiskChecks.ts"

describe("on a simulated disk", () => {
  it.each(diskChecks)("$name", ({ check }) => check())
})
