/**
 * The world stopped before its program ended: everything waits for something that cannot come, or a
 * limit was reached. A defect: no program can handle its own deadlock.
 */
import type { FiberReport } from "@portico/core/FiberReport"
import * as LoopDump from "@portico/core/LoopDump"
import * as Data from "effect/Data"
import type { Progress } from "./Sim.ts"

export type HaltReason = "deadlock" | "livelock" | "stepLimit" | "timeLimit"

export class SimHalt extends Data.TaggedError("SimHalt")<{
  readonly reason: HaltReason
  readonly seed: number
  readonly progress: Progress
  /**
   * For each live fiber a line with its number, its span, and for how long it has waited for what;
   * then a line for each of its stack frames. Empty when the program's services were not built yet.
   */
  readonly fibers: ReadonlyArray<string>
}> {
  override get message(): string {
    const isOpen = this.reason === "deadlock" && this.fibers.length > 0
    return isOpen ? `${this.report}\n  ${holdersUnknown}` : this.report
  }

  /** The message without what is said of holders. */
  get report(): string {
    const { nanos, steps } = this.progress
    const when = `after ${steps} steps and ${nanos / 1e9} virtual seconds, seed ${this.seed}`
    return [`${sentences[this.reason]}, ${when}`, ...this.fibers].join("\n  ")
  }
}

// A holder is found by making the run again, which only an exploration may do.
const holdersUnknown =
  "Who holds what they wait for is unknown within one run; `Explore` tells it of the same program"

/** Why the world halts, if its loop came back for this. */
export const reasonOf = (stop: "notAlive" | "stuck" | "stepLimit" | "timeLimit"): HaltReason =>
  stop === "notAlive" || stop === "stuck" ? "deadlock" : stop

/** `fiber #2 "span"`: `number` counts in its world. */
export const nameOf = (number: number, span: string | undefined): string =>
  span === undefined ? `fiber #${number}` : `fiber #${number} "${span}"`

const sentences: { readonly [reason in HaltReason]: string } = {
  deadlock: "Deadlock: nothing is ready, no timer and no packet is pending",
  livelock: "Livelock: steps in a fair order, and no operation was committed",
  stepLimit: "The limit of steps was reached",
  timeLimit: "The limit of virtual time was reached"
}

/**
 * Its lines. `number` counts in its world, unlike Effect's ids, so that equal seeds give equal
 * lines. `waitsFor` is what the simulator knows of a wait that core does not.
 */
export const describeFiber = (
  report: FiberReport,
  number: number,
  waitsFor: string | undefined
): ReadonlyArray<string> => {
  const [line, ...frames] = LoopDump.formatFiber({ ...report, id: number })
  const isKnown = report.state._tag === "Suspended" && waitsFor !== undefined
  return [isKnown ? line!.replace("inside Effect", `for ${waitsFor}`) : line!, ...frames]
}
