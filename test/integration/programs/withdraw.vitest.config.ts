/** Runs the simulated test that the documents show, which fails. */
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const conditions = ["source"]

export default defineConfig({
  root: fileURLToPath(new URL("../../..", import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ["docs/examples/withdraw.test.ts"],
    pool: "forks",
    execArgv: ["--conditions=source"],
    reporters: ["default"]
  }
})
