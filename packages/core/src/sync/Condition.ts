/**
 * A lock with a condition, for fibers: wait, with the lock, for a change that other holders make.
 *
 * The lock goes to who waits longest. `SharedMutex.condition` is the same among threads.
 */
import * as Effect from "effect/Effect"
import { FiberLine, Waiter } from "../internal/sync/FiberLine.ts"
import { SyncError } from "./SyncError.ts"
import { AlreadyOwner, NotOwner, outside } from "./SyncReason.ts"

export interface ConditionOptions {
  /** Fibers that may wait for the lock or a notification, 0 to 1,000,000. Default 10,000. */
  readonly waitersMax?: number | undefined
}

const waitersMaxByDefault = 10_000

type Locker = Waiter<void>

export class Condition {
  private readonly waitersMax: number
  private readonly lockers = new FiberLine<void>()
  private readonly sleepers = new FiberLine<void>()
  private holder: Locker | undefined

  /** By `make`. */
  constructor(waitersMax: number) {
    this.waitersMax = waitersMax
  }

  private grant(): void {
    const { first } = this.lockers
    if (first === undefined || this.holder !== undefined) return
    this.holder = first
    this.lockers.end(first, "granted")
  }

  private unlock(locker: Locker): void {
    if (this.lockers.leave(locker) || this.holder !== locker) return
    this.holder = undefined
    this.grant()
  }

  /**
   * Runs `effect` with the lock, and unlocks it however that ends. Fails with `AlreadyOwner` in a
   * fiber that has it, and with `TooManyWaiters`. Interrupted while it waits, it leaves the line.
   */
  withLock<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | SyncError, R> {
    const operation = "Condition.withLock"
    return Effect.uninterruptibleMask((restore) =>
      Effect.withFiber(({ id }): Effect.Effect<A, E | SyncError, R> => {
        const { lockers, sleepers, waitersMax } = this
        if (this.holder?.fiberId === id) return Effect.fail(new SyncError(operation, AlreadyOwner))
        const isFree = this.holder === undefined && lockers.waiting.size === 0
        if (!isFree && lockers.waiting.size + sleepers.waiting.size >= waitersMax) {
          return Effect.fail(new SyncError(operation, { _tag: "TooManyWaiters", waitersMax }))
        }
        const locker = new Waiter<void>(undefined, id)
        lockers.enter(locker)
        this.grant()
        const locked = Effect.andThen(lockers.awaitEnd(locker), effect)
        return Effect.onExit(restore(locked), () => Effect.sync(() => this.unlock(locker)))
      })
    )
  }

  private owned<A>(
    operation: string,
    use: (holder: Locker) => Effect.Effect<A>
  ): Effect.Effect<A, SyncError> {
    return Effect.withFiber(({ id }) => {
      const { holder } = this
      return holder?.fiberId === id ? use(holder) : Effect.fail(new SyncError(operation, NotOwner))
    })
  }

  /**
   * Unlocks, waits until it is notified, and locks again. Who is notified stands in line for the
   * lock, so look again whether what you waited for is so. Fails with `NotOwner`. Interrupted, it
   * locks again before it ends, and a notification that came meanwhile is the next one's; whoever
   * is interrupted as it comes to its end counts as notified.
   */
  get await(): Effect.Effect<void, SyncError> {
    const { lockers, sleepers } = this
    return Effect.uninterruptibleMask((restore) =>
      this.owned("Condition.await", (holder) => {
        this.holder = undefined
        sleepers.enter(holder)
        this.grant()
        const passOn = () => Effect.sync(() => this.notifyUnsafe(1))
        const notified = Effect.onInterrupt(restore(sleepers.awaitEnd(holder)), () =>
          Effect.suspend(() => {
            if (!sleepers.leave(holder)) return passOn()
            lockers.enter(holder)
            return Effect.sync(() => this.grant())
          })
        )
        // An interruption that came while it waited for the lock is seen here, with the lock.
        const seen = Effect.onInterrupt(restore(Effect.void), passOn)
        return Effect.andThen(Effect.ensuring(notified, lockers.awaitEnd(holder)), seen)
      })
    )
  }

  private notifyUnsafe(count: number): number {
    const { lockers, sleepers } = this
    let notified = 0
    for (; notified < count; notified++) {
      const { first } = sleepers
      if (first === undefined) break
      // First, so that it finds itself in line for the lock when it is told.
      sleepers.waiting.delete(first)
      lockers.enter(first)
      first.onEnd()
    }
    this.grant()
    return notified
  }

  /** Lets up to `count` of those who wait stand in line for the lock; how many. `NotOwner`. */
  notify(count = 1): Effect.Effect<number, SyncError> {
    return this.owned("Condition.notify", () => Effect.sync(() => this.notifyUnsafe(count)))
  }

  get notifyAll(): Effect.Effect<number, SyncError> {
    return this.notify(Infinity)
  }
}

/** A lock that nobody has, with its condition. Fails with `InvalidArgument`. */
export const make = (options: ConditionOptions = {}): Effect.Effect<Condition, SyncError> =>
  Effect.suspend(() => {
    const { waitersMax = waitersMaxByDefault } = options
    const bad = outside("waitersMax", waitersMax, 0, 1_000_000)
    return bad === undefined
      ? Effect.succeed(new Condition(waitersMax))
      : Effect.fail(new SyncError("Condition.make", bad))
  })
