/**
 * Effect's clock over virtual time.
 *
 * The monotonic clock starts at 0, the wall clock at 2026-01-01T00:00:00Z. A sleep never ends
 * early; equal deadlines end in the order they were started; zero ends on a later turn; one without
 * end lasts until it is interrupted.
 */
import type { Clock } from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type Strand, StrandKind } from "./Strand.ts"
import type { World } from "./World.ts"

const epochMillis = 1_767_225_600_000
const nanosPerMilli = 1_000_000

/** Rounded up to whole nanoseconds; negative is 0. */
export const toNanos = (duration: Duration.Input): number =>
  Math.max(0, Math.ceil(Duration.toMillis(duration) * nanosPerMilli))

export class SimClock implements Clock {
  private readonly world: World
  private readonly timers: Strand

  constructor(world: World) {
    this.world = world
    this.timers = world.strand(StrandKind.timer)
  }

  currentTimeMillisUnsafe(): number {
    return epochMillis + Math.floor(this.world.now / nanosPerMilli)
  }

  currentTimeNanosUnsafe(): bigint {
    return BigInt(epochMillis) * BigInt(nanosPerMilli) + BigInt(this.world.now)
  }

  monotonicTimeNanosUnsafe(): bigint {
    return BigInt(this.world.now)
  }

  readonly currentTimeMillis = Effect.sync(() => this.currentTimeMillisUnsafe())
  readonly currentTimeNanos = Effect.sync(() => this.currentTimeNanosUnsafe())
  readonly monotonicTimeNanos = Effect.sync(() => this.monotonicTimeNanosUnsafe())

  sleep(duration: Duration.Duration): Effect.Effect<void> {
    const nanos = toNanos(duration)
    if (nanos === 0) return Effect.yieldNow
    const described = {
      describeWait: () =>
        nanos === Infinity ? "a sleep without end" : `a sleep of ${Duration.format(duration)}`
    }
    return Effect.callback<void>((resume) => {
      this.world.fibers.waitsFor(described)
      if (nanos === Infinity) return
      const timer = this.world.after(nanos, this.timers, () => resume(Effect.void))
      return Effect.sync(() => this.world.cancel(timer))
    })
  }
}
