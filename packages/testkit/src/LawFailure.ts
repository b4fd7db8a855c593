/** How a law says that it does not hold: what was expected, and what came. */
import * as Data from "effect/Data"

export class LawFailure extends Data.TaggedError("LawFailure")<{ readonly message: string }> {}
