/** The scheduler suite's program on a scheduler that measures nothing. */
import { registerHooks } from "node:module"
import { standInFor } from "../nothing/replaced.ts"

registerHooks({
  resolve: (specifier, context, nextResolve) => {
    const resolved = nextResolve(specifier, context)
    const standIn = standInFor(resolved.url)
    return standIn === undefined ? resolved : { ...resolved, url: standIn.href }
  }
})

await import("../../scheduler/programs/portico.node.ts")
