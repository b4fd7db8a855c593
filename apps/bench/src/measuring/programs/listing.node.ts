/** The scheduler suite's program on a scheduler that lists its fibers and measures nothing. */
import { listing } from "../nothing/replaced.ts"
import { replace } from "./replace.node.ts"

replace(listing)
await import("../../scheduler/programs/portico.node.ts")
