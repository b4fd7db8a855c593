/**
 * Effect's clock over virtual time.
 *
 * The monotonic clock starts at 0, the wall clock at 2026-01-01T00:00:00Z. A sleep never ends
 * early; equal deadlines end in the order they were started; zero ends on a later turn; one without
 * end lasts until it is interrupted, and does not keep the loop alive as the others do.
 */
import type { LoopClock, Sleep } from "@portico/core/LoopClock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Waitable } from "../Fibers.ts"
import type { World } from "../World.ts"

const epochMillis = 1_767_225_600_000
const nanosPerMilli = 1_000_000

/** When every world begins, since 1970. */
export const epochNanos = BigInt(epochMillis) * BigInt(nanosPerMilli)

/** Rounded up to whole nanoseconds; negative is 0. */
export const toNanos = (duration: Duration.Input): number =>
  Math.max(0, Math.ceil(Duration.toMillis(duration) * nanosPerMilli))

const withoutEnd: Waitable = { describeWait: () => "a sleep without end" }

export class SimClock implements LoopClock {
  private readonly world: World

  constructor(world: World) {
    this.world = world
  }

  currentTimeMillisUnsafe(): number {
    return epochMillis + Math.floor(this.wallNanos() / nanosPerMilli)
  }

  currentTimeNanosUnsafe(): bigint {
    return epochNanos + BigInt(this.wallNanos())
  }

  /** Since the epoch of worlds, by the host's wall clock. */
  private wallNanos(): number {
    const { localTime, now } = this.world
    return localTime === undefined ? now : localTime.local(now) + localTime.offsetNanos
  }

  monotonicTimeNanosUnsafe(): bigint {
    return BigInt(this.world.local(this.world.now))
  }

  readonly currentTimeMillis = Effect.sync(() => this.currentTimeMillisUnsafe())
  readonly currentTimeNanos = Effect.sync(() => this.currentTimeNanosUnsafe())
  readonly monotonicTimeNanos = Effect.sync(() => this.monotonicTimeNanosUnsafe())

  sleep(duration: Duration.Duration): Effect.Effect<void> {
    const nanos = toNanos(duration)
    if (nanos === 0) return Effect.yieldNow
    return Effect.callback<void>((resume) => {
      const { world } = this
      if (nanos === Infinity) return world.fibers.waitsFor(withoutEnd)
      const timer = world.startTimer(world.wait(nanos), () => resume(Effect.void))
      timer.sleeper = Fiber.getCurrent()?.id ?? 0
      return Effect.sync(() => world.cancelTimer(timer))
    })
  }

  sleeps(): ReadonlyArray<Sleep> {
    return this.world.timers
      .list()
      .flatMap(({ sleeper, time }) =>
        sleeper === undefined
          ? []
          : [{ fiberId: sleeper, endsAtMillis: this.world.local(time) / nanosPerMilli }]
      )
  }
}
