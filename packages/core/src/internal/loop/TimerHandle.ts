/** A timer that can be moved, as a handle. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { HandleCounters, Wait } from "../../Handle.ts"
import type { IoError } from "../../IoError.ts"
import type { PortTimer } from "../../port/LoopPort.ts"
import { Reason } from "../../Reason.ts"
import type { Site } from "../../Site.ts"
import type { Timer } from "../../Timer.ts"
import * as Check from "../Check.ts"
import { HandleBase, noCounters } from "../HandleBase.ts"
import type { HandleTable } from "../HandleTable.ts"

interface TimerWait extends Wait {
  readonly wake: () => void
}

export class TimerHandle extends HandleBase implements Timer {
  readonly kind = "Timer"
  readonly waits: Array<TimerWait> = []
  private readonly opened: Site
  private endsAtMillis = 0
  private port: PortTimer | undefined
  hasFired = false

  constructor(table: HandleTable, millis: number, opened: Site) {
    super(table)
    this.opened = opened
    this.start(millis)
  }

  private start(millis: number): void {
    this.port?.cancel()
    this.port = undefined
    this.hasFired = false
    this.endsAtMillis = Infinity
    if (millis === Infinity) return
    const port = this.table.timers.start(Math.max(0, millis), () => this.onDue())
    this.endsAtMillis = port.endsAtMillis
    this.port = port
    if (!this.isRef) port.setRef(false)
  }

  private onDue(): void {
    this.port = undefined
    this.hasFired = true
    this.wakeAll()
  }

  private wakeAll(): void {
    const { scheduler, turn } = this.table.ports
    turn.enter()
    // As `HostClock`'s sleeps do.
    scheduler.refreshTime()
    try {
      for (const wait of this.waits.splice(0)) wait.wake()
    } finally {
      turn.leave()
    }
  }

  get await(): Effect.Effect<void, IoError> {
    const operation = "Timer.await"
    return Effect.suspend(() => {
      if (this.isClosing) return Effect.fail(this.error(operation, Reason.Closed()))
      if (this.hasFired) return Effect.void
      return Effect.andThen(this.suspended(operation), this.await)
    })
  }

  private suspended(operation: string): Effect.Effect<void> {
    return Effect.callback<void>((resume) => {
      // The run loop may have yielded since: looking again keeps a wake-up from being missed.
      if (this.isClosing || this.hasFired) return resume(Effect.void)
      const fiberId = Fiber.getCurrent()?.id ?? 0
      const wait: TimerWait = { operation, fiberId, wake: () => resume(Effect.void) }
      this.waits.push(wait)
      return Effect.sync(() => {
        const index = this.waits.indexOf(wait)
        if (index !== -1) this.waits.splice(index, 1)
      })
    })
  }

  get remainingMillis(): number {
    if (this.hasFired) return 0
    return Math.max(0, this.endsAtMillis - this.table.ports.loop.nowMillis())
  }

  restart(duration: Duration.Input): Effect.Effect<void, IoError> {
    return Effect.suspend(() => {
      const operation = "Timer.restart"
      const millis = Check.millis(duration)
      if (Number.isNaN(millis)) {
        return Check.invalid(operation, "duration", "a duration", duration)
      }
      if (this.isClosing) return Effect.fail(this.error(operation, Reason.Closed()))
      this.start(millis)
      return Effect.void
    })
  }

  /** It keeps the loop alive only while it is going to fire. */
  override get keepsAlive(): boolean {
    return this.isRef && this.port !== undefined
  }

  get close(): Effect.Effect<void> {
    return Effect.uninterruptible(
      Effect.suspend(() => {
        if (this.beginClose()) {
          this.port?.cancel()
          this.port = undefined
          this.wakeAll()
          this.table.reportClosed(this)
        }
        return this.awaitClosed
      })
    )
  }

  get site(): string | undefined {
    return this.opened.text
  }

  get counters(): HandleCounters {
    return noCounters
  }

  protected get addressText(): undefined {
    return undefined
  }

  get label(): string {
    return `Timer #${this.id}`
  }

  protected setRefUnsafe(isRef: boolean): void {
    this.port?.setRef(isRef)
  }
}
