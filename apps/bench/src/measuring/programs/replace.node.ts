/** Loads what stands in for modules of core in their place. Before anything imports them. */
import { registerHooks } from "node:module"
import { type StandIns, standInFor } from "../nothing/replaced.ts"

export const replace = (standIns: StandIns): void =>
  void registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const resolved = nextResolve(specifier, context)
      const standIn = standInFor(standIns, resolved.url)
      return standIn === undefined ? resolved : { ...resolved, url: standIn.href }
    }
  })
