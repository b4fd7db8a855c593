import * as Data from "effect/Data"

/** Why a run ended without figures, in words for the person who started it. */
export class Failure extends Data.TaggedError("Failure")<{ readonly message: string }> {}
