/**
 * One run, two projects: the same test files on Node and on Bun.
 *
 * A file named `*.node.test.ts` runs on Node only, `*.bun.test.ts` on Bun only.
 */
import { fileURLToPath } from "node:url"
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config"
import { bunPool } from "./bun-pool/BunPool.ts"
import { Stuck } from "./Stuck.ts"
import { Totals } from "./Totals.ts"

const onBothHosts = [
  "packages/*/test/**/*.test.ts",
  "apps/*/test/**/*.test.ts",
  "test/{bun-pool,canaries,conformance,parity,regressions}/**/*.test.ts"
]

const onNodeOnly = ["test/{architecture,integration}/**/*.test.ts"]

// Each file has a process of its own, and many start more: what one has compiled the next can use.
process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(
  new URL("../.vitest/compile-cache", import.meta.url)
)

// Workspace packages are read from their sources, so a test run needs no build.
const conditions = ["source"]
const resolution = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } }
}

const node: TestProjectInlineConfiguration = {
  extends: true,
  ...resolution,
  test: {
    name: "node",
    include: [...onBothHosts, ...onNodeOnly],
    exclude: ["**/*.bun.test.ts", "**/node_modules/**"],
    pool: "forks",
    execArgv: ["--conditions=source"]
  }
}

const bun: TestProjectInlineConfiguration = {
  extends: true,
  ...resolution,
  test: {
    name: "bun",
    include: onBothHosts,
    exclude: ["**/*.node.test.ts", "**/node_modules/**"],
    pool: bunPool
  }
}

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    projects: [node, bun],
    // Of one file, where it says that its tests may run at once: those that wait for processes.
    maxConcurrency: 4,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // One more than the processors of a small machine: a third of the files wait for processes.
    maxWorkers: 3,
    reporters: ["default", new Totals(), new Stuck(300_000)]
  }
})
