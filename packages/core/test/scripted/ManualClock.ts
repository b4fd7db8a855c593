/**
 * A clock that a test moves by hand. Unlike `TestClock` it wakes everything that is due in one
 * turn, as a host does that was held up, and can wake sleeps early, as hosts do.
 */
import type { Clock } from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

interface Sleep {
  readonly at: bigint
  readonly wake: () => void
}

export class ManualClock implements Clock {
  /** How much too early sleeps end, in nanoseconds. */
  earlyNanos = 0n
  private now = 0n
  private sleeps: Array<Sleep> = []

  /** Sleeps under way. */
  get pending(): number {
    return this.sleeps.length
  }

  /** Moves the time, then wakes what is due, earliest first, equals in the order of their start. */
  advance(duration: Duration.Input): void {
    this.now += Duration.toNanosUnsafe(duration)
    const isDue = ({ at }: Sleep) => at - this.earlyNanos <= this.now
    const due = this.sleeps.filter(isDue).toSorted((a, b) => Number(a.at - b.at))
    this.sleeps = this.sleeps.filter((sleep) => !isDue(sleep))
    for (const { wake } of due) wake()
  }

  sleep(duration: Duration.Duration): Effect.Effect<void> {
    return Effect.callback<void>((resume) => {
      const at = this.now + Duration.toNanosUnsafe(duration)
      const sleep = { at, wake: () => resume(Effect.void) }
      this.sleeps.push(sleep)
      return Effect.sync(() => {
        this.sleeps = this.sleeps.filter((other) => other !== sleep)
      })
    })
  }

  monotonicTimeNanosUnsafe(): bigint {
    return this.now
  }
  currentTimeNanosUnsafe(): bigint {
    return this.now
  }
  currentTimeMillisUnsafe(): number {
    return Number(this.now / 1_000_000n)
  }
  readonly monotonicTimeNanos = Effect.sync(() => this.now)
  readonly currentTimeNanos = Effect.sync(() => this.now)
  readonly currentTimeMillis = Effect.sync(() => this.currentTimeMillisUnsafe())
}
