/** A program reached past its services, for something that no seed decides. */
import * as Data from "effect/Data"

export class EscapeError extends Data.TaggedError("EscapeError")<{
  /** The global, as `Math.random`. */
  readonly what: string
  /** Effect's id of the fiber that did it; 0 for none. */
  readonly fiber: number
  /** Of the fiber: the innermost span; empty without one. */
  readonly span: string
}> {
  override get message(): string {
    const { fiber, span, what } = this
    const who = fiber === 0 ? "no fiber" : `fiber #${fiber}${span === "" ? "" : ` in ${span}`}`
    return `${what} escapes from the simulated world, called by ${who}`
  }
}
