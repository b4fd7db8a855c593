/** The scheduler suite's program on a scheduler that measures nothing. */
import { plugin } from "bun"
import { readFileSync } from "node:fs"
import { standInFor } from "../nothing/replaced.ts"

plugin({
  name: "measures nothing",
  setup: (build) => {
    build.onLoad({ filter: /\/packages\/core\/src\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(standInFor(path) ?? path, "utf8"),
      loader: "ts"
    }))
  }
})

await import("../../scheduler/programs/portico.bun.ts")
