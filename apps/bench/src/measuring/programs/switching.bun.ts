/** The scheduler suite's program on a scheduler that measures by turns. */
import { slicing } from "../../scheduler/programs/Slices.ts"
import { switchMeasuring } from "../switching/switched.ts"
import { SwitchedSlices } from "../switching/SwitchedSlices.ts"

slicing.begin = (from) => new SwitchedSlices(from)
await switchMeasuring()
await import("../../scheduler/programs/portico.bun.ts")
