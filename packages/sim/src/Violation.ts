/** A program found that what it promises does not hold. A defect: nobody can handle it. */
import * as Data from "effect/Data"

export type ViolationKind = "always" | "invariant" | "eventually"

export class Violation extends Data.TaggedError("Violation")<{
  readonly kind: ViolationKind
  /** Names the promise. */
  readonly label: string
  /** What was found instead, if the program said so. */
  readonly detail: string | undefined
}> {
  override get message(): string {
    const { detail, kind, label } = this
    return `${sentences[kind]}: ${label}${detail === undefined ? "" : `: ${detail}`}`
  }
}

const sentences: { readonly [kind in ViolationKind]: string } = {
  always: "Does not always hold",
  invariant: "Invariant broken",
  eventually: "Did not come to hold"
}
