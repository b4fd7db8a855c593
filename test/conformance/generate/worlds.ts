/** The worlds of the tables, as on Linux whatever the machine that makes them. */
import type { Suite } from "@portico/testkit"
import { bun } from "../bun.ts"
import { node } from "../node.ts"
import { sim } from "../sim.ts"

export const worlds: ReadonlyArray<Suite.PlanOptions> = [node("linux"), bun("linux"), sim]
