/** The scheduler suite's program on a scheduler that measures nothing. */
import { nothing } from "../nothing/replaced.ts"
import { replace } from "./replace.node.ts"

replace(nothing)
await import("../../scheduler/programs/portico.node.ts")
