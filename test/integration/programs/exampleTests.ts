/** How the simulated tests that the documents show are run: by themselves, as their readers do. */
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const conditions = ["source"]

export const exampleTests = (include: string) =>
  defineConfig({
    root: fileURLToPath(new URL("../../..", import.meta.url)),
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      include: [include],
      pool: "forks",
      execArgv: ["--conditions=source"],
      reporters: ["default"],
      testTimeout: 60_000
    }
  })
