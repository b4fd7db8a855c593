/**
 * The world stopped before its program ended: everything waits for something that cannot come, or a
 * limit was reached. A defect: no program can handle its own deadlock.
 */
import * as Data from "effect/Data"
import type { Progress } from "./Sim.ts"

export type HaltReason = "deadlock" | "stepLimit" | "timeLimit"

export class SimHalt extends Data.TaggedError("SimHalt")<{
  readonly reason: HaltReason
  readonly seed: number
  readonly progress: Progress
  /** A line for each live fiber: its number, its span or stack frame, what it waits for. */
  readonly fibers: ReadonlyArray<string>
}> {
  override get message(): string {
    const { nanos, steps } = this.progress
    const when = `after ${steps} steps and ${nanos / 1e9} virtual seconds, seed ${this.seed}`
    return [`${sentences[this.reason]}, ${when}`, ...this.fibers].join("\n  ")
  }
}

const sentences: { readonly [reason in HaltReason]: string } = {
  deadlock: "Deadlock: nothing is ready, no timer and no packet is pending",
  stepLimit: "The limit of steps was reached",
  timeLimit: "The limit of virtual time was reached"
}
