/**
 * A declared exception of one backend: the law it does not satisfy, why, and what holds instead.
 *
 * It is checked from both sides. The replacement must hold, and the original must fail: the day it
 * holds, the deviation is out of date and the plan fails until it is removed.
 */
import * as Effect from "effect/Effect"
import { fails } from "./Expectation.ts"
import type { Law, UngroupedLaw } from "./Law.ts"
import type { LawFailure } from "./LawFailure.ts"

export interface Deviation {
  /** The id of a law. */
  readonly from: string
  /** One sentence, for the table of laws. */
  readonly because: string
  readonly instead: UngroupedLaw
}

/** Holds as long as `check`, which is that of `law`, does not. */
export const stillDeviates = <A, E, R>(
  law: Law,
  check: Effect.Effect<A, E, R>
): Effect.Effect<void, LawFailure, R> =>
  Effect.matchCauseEffect(check, {
    onFailure: () => Effect.void,
    onSuccess: () => fails(`${law.id} holds now: remove the deviation from it (${law.sentence})`)
  })
