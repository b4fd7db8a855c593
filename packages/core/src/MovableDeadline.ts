/**
 * A deadline that can be moved while effects run under it, as `deadline` of trio's cancel scopes
 * can, and as tokio's `Sleep::reset` moves a timer. Made by `Deadline.movable`.
 *
 * Any number of effects may run under one; when it comes, it ends them all.
 */
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Deadline, Input } from "./Deadline.ts"
import { DeadlineExceeded } from "./DeadlineExceeded.ts"
import { Alarm } from "./internal/scope/Alarm.ts"
import { hasPassed, resolve, TypeId } from "./internal/scope/FixedDeadline.ts"
import type { AnyFiber } from "./internal/scope/Inside.ts"

/** What waits for a deadline. Told once, and no more after `unwatchUnsafe`. */
export interface Watcher {
  readonly expired: () => void
}

export class MovableDeadline implements Deadline {
  readonly [TypeId]: TypeId = TypeId
  private readonly initial: Deadline
  private moment: bigint | undefined
  private isOver = false
  private readonly watchers = new Set<Watcher>()
  private readonly alarm = new Alarm(() => this.expire(), true)
  /** Where the alarm runs, and on whose clock. */
  private context: Context.Context<never> | undefined

  constructor(deadline: Deadline) {
    this.initial = deadline
    this.moment = deadline.nanos
  }

  get name(): string | undefined {
    return this.initial.name
  }

  /** Where it stands now; it changes with `move`. */
  get nanos(): bigint | undefined {
    return this.moment
  }

  /** Whether it has come. It never comes twice. */
  get isExpired(): Effect.Effect<boolean> {
    return Clock.clockWith((clock) => Effect.sync(() => this.isExpiredUnsafe(clock)))
  }

  /**
   * Moves it, earlier or later; a duration counts from now. A moment that has passed expires it at
   * once: what runs under it is interrupted next. Fails with `DeadlineExceeded`, and changes
   * nothing, when it has come already.
   */
  move(to: Input): Effect.Effect<void, DeadlineExceeded> {
    return Clock.clockWith((clock) =>
      Effect.suspend(() =>
        this.moveUnsafe(resolve(to, clock).nanos, clock)
          ? Effect.void
          : Effect.fail(new DeadlineExceeded({ deadline: this }))
      )
    )
  }

  /** `move` outside of Effect; false when it had come. */
  moveUnsafe(to: bigint | undefined, clock: Clock.Clock): boolean {
    if (this.isExpiredUnsafe(clock)) {
      this.expire()
      return false
    }
    this.moment = to
    if (hasPassed(this, clock)) this.expire()
    else this.arm()
    return true
  }

  isExpiredUnsafe(clock: Clock.Clock): boolean {
    return this.isOver || hasPassed(this, clock)
  }

  /** Tells `watcher` when it comes; at once when it has. `fiber` lends its clock and context. */
  watchUnsafe(watcher: Watcher, fiber: AnyFiber): void {
    if (this.isExpiredUnsafe(fiber.getRef(Clock.Clock))) return watcher.expired()
    this.watchers.add(watcher)
    this.context ??= fiber.context
    this.arm()
  }

  unwatchUnsafe(watcher: Watcher): void {
    if (this.watchers.delete(watcher) && this.watchers.size === 0) this.disarm()
  }

  private arm(): void {
    if (this.context === undefined) return
    if (this.moment === undefined) this.alarm.clear()
    else this.alarm.set(this.moment, this.context)
  }

  private disarm(): void {
    this.alarm.clear()
    this.context = undefined
  }

  private expire(): void {
    this.isOver = true
    this.disarm()
    const watchers = Array.from(this.watchers)
    this.watchers.clear()
    for (const watcher of watchers) watcher.expired()
  }
}
