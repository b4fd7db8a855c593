/** Loads what stands in for modules of core in their place. Before anything imports them. */
import { plugin } from "bun"
import { readFileSync } from "node:fs"
import { type StandIns, standInFor } from "../nothing/replaced.ts"

export const replace = (standIns: StandIns): void =>
  plugin({
    name: "stand-ins",
    setup: (build) => {
      build.onLoad({ filter: /\/packages\/core\/src\/.*\.ts$/ }, ({ path }) => ({
        contents: readFileSync(standInFor(standIns, path) ?? path, "utf8"),
        loader: "ts"
      }))
    }
  })
