/** What laws of lanes share: lanes of their own, and what to expect of a `PoolError`. */
import { BlockingPool, type IoError, PoolError, type PoolReason } from "@portico/core"
import * as Effect from "effect/Effect"
import { fails } from "./Expectation.ts"
import { law, type LawOptions, type LawServices, type UngroupedLaw } from "./Law.ts"
import type { LawFailure } from "./LawFailure.ts"

/** Starting threads takes a machine that is busy longer than a law has. */
export const threads = "threads are started"

type PoolLawError = LawFailure | IoError.IoError | PoolError.PoolError

/** A law in which a task that comes to nothing, and should not, is a failure of the law. */
export const poolLaw = (
  id: string,
  sentence: string,
  body: () => Effect.fn.Return<void, PoolLawError, LawServices>,
  options: LawOptions = {}
): UngroupedLaw =>
  law(
    id,
    sentence,
    function* () {
      yield* Effect.catchTag(Effect.gen(body), "PoolError", (error) => fails(error.message))
    },
    { hook: "tasks", longerThan: threads, ...options }
  )

export const { openLane } = BlockingPool

/** The failure of an effect that must fail with this reason; gives the reason, to look closer. */
export const failsAs = <A, E, R, Tag extends PoolReason.PoolReason["_tag"]>(
  tag: Tag,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<Extract<PoolReason.PoolReason, { readonly _tag: Tag }>, LawFailure, R> =>
  Effect.matchEffect(effect, {
    onSuccess: (value) => fails(`Expected ${tag}, got ${String(value)}`),
    onFailure: (error) =>
      PoolError.isPoolError(error, tag)
        ? Effect.succeed(error.reason as Extract<PoolReason.PoolReason, { readonly _tag: Tag }>)
        : fails(`Expected ${tag}, got ${String(error)}`)
  })
