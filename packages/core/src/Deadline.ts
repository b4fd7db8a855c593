/**
 * Absolute deadlines on the monotonic clock: a moment by which something has to be over.
 *
 * Unlike a duration, a deadline can be handed on: whoever gets it sees what is left. They nest:
 * the earliest of those that a fiber runs under is in force, and is the one that is credited. The
 * names and rules are those of trio (`current_effective_deadline`, `fail_at`) and AnyIO.
 *
 * A clock's moments mean nothing on another one: do not send `nanos` to another process.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { dual } from "effect/Function"
import type { DeadlineExceeded } from "./DeadlineExceeded.ts"
import { leftUntil } from "./internal/scope/Alarm.ts"
import { DeadlineRegion, earliest } from "./internal/scope/DeadlineRegion.ts"
import * as Fixed from "./internal/scope/FixedDeadline.ts"
import { Current, enclose } from "./internal/scope/Region.ts"
import { MovableDeadline } from "./MovableDeadline.ts"

export interface Deadline {
  readonly [Fixed.TypeId]: Fixed.TypeId
  /** When it comes, in nanoseconds of `Clock.monotonicTimeNanos`; undefined when it never does. */
  readonly nanos: bigint | undefined
  /** What errors call it; by default the duration it was made of. */
  readonly name: string | undefined
}

/** A duration counts from the moment it is used. One below zero has passed already. */
export type Input = Deadline | Duration.Input

export interface Options {
  readonly name?: string | undefined
}

export const isDeadline: (value: unknown) => value is Deadline = Fixed.isDeadline

/** Never comes. */
export const infinite: Deadline = new Fixed.FixedDeadline(undefined, "never")

/** At a moment of `Clock.monotonicTimeNanos`. */
export const at = (nanos: bigint, options?: Options): Deadline =>
  new Fixed.FixedDeadline(nanos, options?.name)

/** So long from now. Dies with a `RangeError` when `duration` is none. */
export const after = (duration: Duration.Input, options?: Options): Effect.Effect<Deadline> =>
  Clock.clockWith((clock) => Effect.sync(() => Fixed.resolve(duration, clock, options?.name)))

/** One that can be moved while effects run under it. */
export const movable = (initial: Input, options?: Options): Effect.Effect<MovableDeadline> =>
  Clock.clockWith((clock) =>
    Effect.sync(() => {
      const deadline = Fixed.resolve(initial, clock, options?.name)
      const name = options?.name ?? deadline.name
      return new MovableDeadline(new Fixed.FixedDeadline(deadline.nanos, name))
    })
  )

/** The earlier of the two; the first when they are equal. */
export const min = (self: Deadline, that: Deadline): Deadline =>
  Fixed.isEarlier(that, self) ? that : self

/** What is left until it comes: zero when it has, infinity when it never does. */
export const remaining = (self: Deadline): Effect.Effect<Duration.Duration> =>
  Clock.clockWith((clock) => Effect.sync(() => remainingUnsafe(self, clock)))

export const remainingUnsafe = (self: Deadline, clock: Clock.Clock): Duration.Duration => {
  if (self.nanos === undefined) return Duration.infinity
  const left = self.nanos - clock.monotonicTimeNanosUnsafe()
  return left > 0n ? Duration.nanos(left) : Duration.zero
}

/** Whether it has come. */
export const hasPassed = (self: Deadline): Effect.Effect<boolean> =>
  Clock.clockWith((clock) => Effect.sync(() => Fixed.hasPassed(self, clock)))

/**
 * The deadline in force for the running fiber: the earliest of those that it runs under, `infinite`
 * outside of any. Children inherit it; a fiber that outlives a region is rid of its deadline. It is
 * past, and stays, for what runs in a region that was ended; `shielded` begins anew.
 */
export const current: Effect.Effect<Deadline> = Effect.withFiber((fiber) =>
  Effect.succeed(earliest(fiber.getRef(Current))?.deadline ?? infinite)
)

/**
 * Waits until it comes, never less. One that has passed lets other fibers run once; one that is
 * moved is followed.
 */
export const sleepUntil = (self: Deadline): Effect.Effect<void> =>
  Effect.withFiber((fiber) => {
    const clock = fiber.getRef(Clock.Clock)
    if (Fixed.hasPassed(self, clock)) return Effect.yieldNow
    if (!(self instanceof MovableDeadline)) return sleepOn(self, clock)
    return Effect.callback<void>((resume) => {
      const watcher = { expired: () => resume(Effect.void) }
      self.watchUnsafe(watcher, fiber)
      return Effect.sync(() => self.unwatchUnsafe(watcher))
    })
  })

const sleepOn = (self: Deadline, clock: Clock.Clock): Effect.Effect<void> =>
  Effect.suspend(() => {
    if (self.nanos === undefined) return Effect.never
    const left = leftUntil(self.nanos, clock)
    return left === undefined
      ? Effect.void
      : Effect.andThen(clock.sleep(left), sleepOn(self, clock))
  })

/**
 * Runs `effect` until `deadline`; then it is interrupted, its finalizers run, and the whole fails
 * with `DeadlineExceeded`. What cannot be interrupted is waited for.
 *
 * One step decides: once `effect` has given its value, no deadline takes it back, so none is lost
 * between the two; its own failures come out as they are. What completes in the turn in which the
 * deadline comes has made it. A deadline that has passed ends `effect` where it first has to wait.
 *
 * A deadline around it that is earlier, or comes at the same time, ends both and is credited. As
 * with `Effect.timeout`, `effect` runs in a fiber of its own, whose children end with it, and the
 * deadline reaches it in an uninterruptible region, too. Interrupting the caller interrupts
 * `effect` and waits for it. Dies with a `RangeError` when `deadline` is none.
 */
export const within: {
  (
    deadline: Input
  ): <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | DeadlineExceeded, R>
  <A, E, R>(
    effect: Effect.Effect<A, E, R>,
    deadline: Input
  ): Effect.Effect<A, E | DeadlineExceeded, R>
} = dual(2, <A, E, R>(effect: Effect.Effect<A, E, R>, deadline: Input) =>
  run(effect, deadline, false)
)

/**
 * Runs `effect`, usually cleanup, until a deadline of its own: neither interruption nor a deadline
 * or a `SoftCancel` around it reaches it. Fails with `DeadlineExceeded` when `deadline` came first.
 *
 * In trio `move_on_after(shield=True)`, in Kotlin `withContext(NonCancellable)` and a timeout.
 */
export const shielded: {
  (
    deadline: Input
  ): <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | DeadlineExceeded, R>
  <A, E, R>(
    effect: Effect.Effect<A, E, R>,
    deadline: Input
  ): Effect.Effect<A, E | DeadlineExceeded, R>
} = dual(2, <A, E, R>(effect: Effect.Effect<A, E, R>, deadline: Input) =>
  Effect.uninterruptible(run(effect, deadline, true))
)

const run = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  input: Input,
  isShielded: boolean
): Effect.Effect<A, E | DeadlineExceeded, R> =>
  enclose(effect, (waiter) => {
    const deadline = Fixed.resolve(input, waiter.getRef(Clock.Clock))
    const limit = deadline instanceof MovableDeadline ? deadline : new MovableDeadline(deadline)
    return new DeadlineRegion(waiter, deadline, limit, isShielded)
  })
