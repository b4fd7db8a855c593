/** What is wrong with a zone file, and where. */
import * as Data from "effect/Data"

export class ZoneError extends Data.TaggedError("ZoneError")<{
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** Sentence case, without a period: what is wrong, and the value after a colon. */
  readonly problem: string
}> {
  override get message(): string {
    return `${this.file}:${this.line}: ${this.problem}`
  }
}

/** A value may be as long as the file. */
const problemLettersMax = 400

/** Thrown where it is noticed, and caught by `Zone.parse` alone. */
export class ZoneProblem extends Error {
  readonly line: number

  constructor(line: number, problem: string) {
    super(problem.slice(0, problemLettersMax))
    this.line = line
  }
}
