/** What a run under a deadline fails with when that deadline, or one around it, ended it. */
import * as Data from "effect/Data"
import type { Deadline } from "./Deadline.ts"

export class DeadlineExceeded extends Data.TaggedError("DeadlineExceeded")<{
  /** The one that is credited: the earliest of those in force; of equal ones the outermost. */
  readonly deadline: Deadline
}> {
  override get message(): string {
    const { name, nanos } = this.deadline
    return `Deadline exceeded: ${name ?? (nanos === undefined ? "none" : `at ${nanos} ns`)}`
  }
}
