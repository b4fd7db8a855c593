/** Stopping one part of a shutdown, and giving it up when it does not end. */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Deadline from "../../Deadline.ts"
import { DeadlineExceeded } from "../../DeadlineExceeded.ts"
import type { MovableDeadline } from "../../MovableDeadline.ts"
import { Outcome, type PartReport } from "../../ShutdownReport.ts"
import { FixedDeadline } from "./FixedDeadline.ts"

export interface StoppablePart {
  readonly name: string
  readonly stage: string | undefined
  readonly stop: Effect.Effect<unknown, unknown>
  readonly timeoutNanos: bigint
}

/** The time of the whole. */
export interface Allotment {
  /** Interrupts the parts. Moved to now when the shutdown itself is interrupted. */
  readonly working: MovableDeadline
  readonly isHastened: () => boolean
  /** How long an interrupted part may take to end. */
  readonly graceNanos: bigint
  /** When the last one has ended or was given up. */
  readonly endNanos: bigint
}

type Ended = Exit.Exit<unknown, unknown>

/** `turns` is how many parts, this one included, are still to be stopped one after the other. */
export const stopPart = (
  part: StoppablePart,
  allotment: Allotment,
  turns: number
): Effect.Effect<PartReport> =>
  Effect.gen(function* () {
    const { endNanos, graceNanos, working } = allotment
    const began = yield* Clock.monotonicTimeNanos
    const own = new FixedDeadline(began + part.timeoutNanos, part.name)
    const bounded = part.stop.pipe(Deadline.within(own), Deadline.shielded(working))
    // A fiber without a parent: one that cannot be interrupted must not hold up whoever waits.
    const stopping = yield* Effect.forkDetach(bounded, { startImmediately: true })
    const ended = Fiber.await(stopping)
    let exit = yield* ended.pipe(Deadline.within(own), Deadline.within(working), Effect.option)
    if (Option.isNone(exit)) {
      const now = yield* Clock.monotonicTimeNanos
      // Those to come must get a part of what is left.
      const share = (endNanos - now) / BigInt(turns)
      const givenUp = Deadline.at(now + (share < graceNanos ? share : graceNanos))
      exit = yield* Effect.option(Deadline.within(ended, givenUp))
    }
    const took = Duration.nanos((yield* Clock.monotonicTimeNanos) - began)
    const outcome = outcomeOf(Option.getOrUndefined(exit), own, allotment)
    return { name: part.name, stage: part.stage, outcome, took, isLeft: Option.isNone(exit) }
  })

const outcomeOf = (exit: Ended | undefined, own: Deadline.Deadline, allotment: Allotment) => {
  const { working } = allotment
  const cutBy = (deadline: Deadline.Deadline): Outcome =>
    deadline === working && allotment.isHastened()
      ? Outcome.Interrupted()
      : Outcome.TimedOut({ deadline })
  if (exit === undefined) return cutBy(Deadline.min(working, own))
  if (exit._tag === "Success") return Outcome.Finished({ value: exit.value })
  if (Cause.hasInterruptsOnly(exit.cause)) return Outcome.Interrupted()
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  const credited = error instanceof DeadlineExceeded ? error.deadline : undefined
  return credited === own || credited === working
    ? cutBy(credited)
    : Outcome.Failed({ cause: exit.cause })
}
