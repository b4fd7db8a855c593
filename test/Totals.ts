/**
 * A Vitest reporter that ends a run with one plain line, `N passed, N failed`.
 *
 * Vitest's own totals leave out what belongs to no test: a file that did not load, a worker that
 * died, a rejection that nobody handled. Each of those is a failure here.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { fileURLToPath } from "node:url"
import type { Reporter, TestModule } from "vitest/node"

export const totalsFile = fileURLToPath(new URL("../.vitest/totals", import.meta.url))

const count = (module: TestModule, state: "passed" | "failed") =>
  [...module.children.allTests(state)].length

// A file whose tests all passed or never ran still fails when it did not load or its hooks failed.
const failuresOf = (module: TestModule) => {
  const failed = count(module, "failed")
  return failed === 0 && module.state() === "failed" ? 1 : failed
}

const sum = (numbers: ReadonlyArray<number>) => numbers.reduce((total, n) => total + n, 0)

export class Totals implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, errors: ReadonlyArray<unknown>): void {
    const passed = sum(modules.map((module) => count(module, "passed")))
    const failed = sum(modules.map(failuresOf)) + errors.length
    const line = `${passed} passed, ${failed} failed\n`
    mkdirSync(dirname(totalsFile), { recursive: true })
    writeFileSync(totalsFile, line)
    process.stdout.write(line)
  }
}
