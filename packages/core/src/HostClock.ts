/**
 * The clock of a host's loop: Effect's own, but its sleeps end no earlier than they should, are
 * known to the loop, and wake their fibers as a callback that the scheduler knows of.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { LoopTimers } from "./internal/loop/LoopTimers.ts"
import type { LoopClock, Sleep } from "./LoopClock.ts"
import type { LoopScheduler } from "./LoopScheduler.ts"
import type { LoopPort } from "./port/LoopPort.ts"
import type { TurnWatch } from "./port/Turn.ts"

interface Watch extends TurnWatch, Pick<LoopScheduler, "refreshTime"> {}

export class HostClock implements LoopClock {
  private readonly watch: Watch
  private readonly timers: LoopTimers
  private readonly pending = new Set<Sleep>()
  // Telling the time is Effect's: the wall clock, and a monotonic one in nanoseconds.
  private readonly clock = Context.get(Context.empty(), Clock.Clock)

  readonly currentTimeMillis = this.clock.currentTimeMillis
  readonly currentTimeNanos = this.clock.currentTimeNanos
  readonly monotonicTimeNanos = this.clock.monotonicTimeNanos

  constructor(loop: LoopPort, watch: Watch) {
    this.watch = watch
    this.timers = new LoopTimers(loop)
  }

  currentTimeMillisUnsafe(): number {
    return this.clock.currentTimeMillisUnsafe()
  }

  currentTimeNanosUnsafe(): bigint {
    return this.clock.currentTimeNanosUnsafe()
  }

  monotonicTimeNanosUnsafe(): bigint {
    return this.clock.monotonicTimeNanosUnsafe()
  }

  sleep(duration: Duration.Duration): Effect.Effect<void> {
    const millis = Duration.toMillis(duration)
    if (millis <= 0) return Effect.yieldNow
    if (millis === Infinity) return Effect.never
    return Effect.callback<void>((resume) => {
      const fiberId = Fiber.getCurrent()?.id ?? 0
      const timer = this.timers.start(millis, () => {
        this.pending.delete(sleep)
        this.watch.begin()
        // Callbacks share looks at the clock on a busy loop: time's own is not to see an old one.
        this.watch.refreshTime()
        try {
          resume(Effect.void)
        } finally {
          this.watch.end()
        }
      })
      const sleep = { fiberId, endsAtMillis: timer.endsAtMillis }
      this.pending.add(sleep)
      return Effect.sync(() => {
        this.pending.delete(sleep)
        timer.cancel()
      })
    })
  }

  sleeps(): ReadonlyArray<Sleep> {
    return Array.from(this.pending)
  }
}
