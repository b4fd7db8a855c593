/**
 * A repeating timer with an absolute schedule: it does not drift, however long the work between two
 * ticks takes, and a policy says what becomes of the ticks that were missed meanwhile.
 *
 * As tokio's `time::interval` and `MissedTickBehavior`. tokio applies the policy to ticks that are
 * 5 ms late; here it applies to a tick that was asked for after it was due, and to one that came a
 * period late or more: what the host's timers are late by is no missed tick.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Input } from "./Deadline.ts"
import { Alarm } from "./internal/scope/Alarm.ts"
import { nanosWithin } from "./internal/DurationBounds.ts"
import { resolve } from "./internal/scope/FixedDeadline.ts"
import type { AnyFiber } from "./internal/scope/Inside.ts"

/**
 * What to do when ticks were missed.
 *
 * - `burst`: give them all, one right after the other, until the schedule is caught up.
 * - `delay`: give one; the next period counts from now, and the schedule with it.
 * - `skip`: give one; the next is the next multiple of the period that lies ahead.
 */
export type MissedTicks = "burst" | "delay" | "skip"

export interface Tick {
  /** How many ticks there were before: from 0. */
  readonly index: number
  /** When it was due, in nanoseconds of `Clock.monotonicTimeNanos`. */
  readonly due: bigint
  /** How long after it was due it came; never less than zero. */
  readonly late: Duration.Duration
  /**
   * Whole periods in `late`: ticks that `burst` still has to give, or that `delay` and `skip` leave
   * out.
   */
  readonly missed: number
}

export interface Options {
  /** Default `burst`. */
  readonly missed?: MissedTicks | undefined
  /** When the first tick is due; a duration counts from now. Default: now. */
  readonly start?: Input | undefined
}

const periodMillisMin = 0.001
const periodMillisMax = 30 * 86_400_000

/**
 * An interval of `period`, which is from 1 microsecond to 30 days; dies with a `RangeError` that
 * names another one. It holds nothing while nobody waits for a tick, so it needs no closing.
 */
export const make = (period: Duration.Input, options: Options = {}): Effect.Effect<Interval> =>
  Clock.clockWith((clock) =>
    Effect.sync(() => {
      const nanos = nanosWithin("A period", period, periodMillisMin, periodMillisMax)
      const start = resolve(options.start ?? Duration.zero, clock).nanos
      return new Interval(nanos, options.missed ?? "burst", start)
    })
  )

export class Interval {
  readonly period: Duration.Duration
  private readonly periodNanos: bigint
  private readonly policy: MissedTicks
  /** Of the next tick; undefined for never. */
  private due: bigint | undefined
  private index = 0
  private last: Tick | undefined
  private readonly waiting = new Set<() => void>()
  private readonly alarm = new Alarm(() => this.wake())

  constructor(periodNanos: bigint, policy: MissedTicks, due: bigint | undefined) {
    this.period = Duration.nanos(periodNanos)
    this.periodNanos = periodNanos
    this.policy = policy
    this.due = due
  }

  /**
   * Waits for the next tick; never early. One that is due already lets other fibers run, then
   * comes. Fibers that wait at the same time get the same tick. Interrupted, it takes none.
   */
  readonly tick: Effect.Effect<Tick> = Effect.withFiber((fiber) => {
    const clock = fiber.getRef(Clock.Clock)
    const asked = clock.monotonicTimeNanosUnsafe()
    const wait =
      this.due !== undefined && asked >= this.due ? Effect.yieldNow : this.awaitDue(fiber)
    return Effect.andThen(wait, this.taken(fiber, clock, this.index, asked))
  })

  /** The next tick is due one period from now, or `after` from now; who waits for it goes on. */
  reset(after: Duration.Input = this.period): Effect.Effect<void> {
    return Effect.withFiber((fiber) =>
      Effect.sync(() => {
        this.due = resolve(after, fiber.getRef(Clock.Clock)).nanos
        if (this.waiting.size > 0) this.arm(fiber)
      })
    )
  }

  // Taken in the operation that hands it over: an interruption comes before, and it stays due, or
  // after.
  private taken(
    fiber: AnyFiber,
    clock: Clock.Clock,
    index: number,
    asked: bigint
  ): Effect.Effect<Tick> {
    return Effect.suspend(() => {
      const { due } = this
      const isDue = due !== undefined && clock.monotonicTimeNanosUnsafe() >= due
      if (isDue || this.index !== index)
        return Effect.sync(() => this.take(clock, index, due, asked))
      return Effect.andThen(this.awaitDue(fiber), this.taken(fiber, clock, index, asked))
    })
  }

  private awaitDue(fiber: AnyFiber): Effect.Effect<void> {
    return Effect.callback<void>((resume) => {
      const wake = () => resume(Effect.void)
      this.waiting.add(wake)
      this.arm(fiber)
      return Effect.sync(() => {
        this.waiting.delete(wake)
        if (this.waiting.size === 0) this.alarm.clear()
      })
    })
  }

  private arm(fiber: AnyFiber): void {
    if (this.due === undefined) this.alarm.clear()
    else this.alarm.set(this.due, fiber.context)
  }

  private wake(): void {
    const waiting = Array.from(this.waiting)
    this.waiting.clear()
    for (const wake of waiting) wake()
  }

  private take(clock: Clock.Clock, index: number, due: bigint | undefined, asked: bigint): Tick {
    // Another fiber that waited for it was first.
    if (this.index !== index || due === undefined) return this.last!
    const now = clock.monotonicTimeNanosUnsafe()
    const missed = (now - due) / this.periodNanos
    this.last = { index, due, late: Duration.nanos(now - due), missed: Number(missed) }
    this.index++
    // Reset since it was seen to be due: the new schedule stays.
    if (this.due === due) this.due = this.following(due, now, missed, asked > due || missed > 0n)
    return this.last
  }

  private following(due: bigint, now: bigint, missed: bigint, isBehind: boolean): bigint {
    switch (this.policy) {
      case "burst":
        return due + this.periodNanos
      case "delay":
        return isBehind ? now + this.periodNanos : due + this.periodNanos
      case "skip":
        return due + (missed + 1n) * this.periodNanos
    }
  }
}
