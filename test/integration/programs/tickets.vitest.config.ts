/** Runs the simulated tests of the tutorial: two that fail, and those that hold in the end. */
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const conditions = ["source"]

export default defineConfig({
  root: fileURLToPath(new URL("../../..", import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ["docs/examples/tickets/*.test.ts"],
    pool: "forks",
    execArgv: ["--conditions=source"],
    reporters: ["default"],
    testTimeout: 60_000
  }
})
