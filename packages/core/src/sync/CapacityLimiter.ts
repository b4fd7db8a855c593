/**
 * Tokens for fibers, whose number can be changed while they are used, and whose holders are known.
 *
 * First come, first served: a token that is given back is the next one's at once, and who comes
 * meanwhile stands behind. (Effect's `Semaphore` wakes who waits, and who comes may overtake; nor
 * does it say who has what.) As AnyIO's `CapacityLimiter`; with one token it is a fair lock.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { FiberLine, Waiter } from "../internal/sync/FiberLine.ts"
import { SyncError } from "./SyncError.ts"
import { AlreadyOwner, NotOwner, outside } from "./SyncReason.ts"

const tokensMaxMax = 1_000_000
const waitersMaxByDefault = 10_000

export interface LimiterOptions {
  /** Tokens, 1 to 1,000,000. */
  readonly tokensMax: number
  /** Fibers that may wait, 0 to 1,000,000. Default 10,000. */
  readonly waitersMax?: number | undefined
}

export interface LimiterSnapshot {
  readonly tokensMax: number
  /** The fibers that have a token, longest first. More than `tokensMax` after that was lowered. */
  readonly holders: ReadonlyArray<number>
  /** The fibers that wait, longest first. */
  readonly waiting: ReadonlyArray<number>
}

export class CapacityLimiter {
  private tokensMax: number
  private readonly waitersMax: number
  private readonly line = new FiberLine<void>()
  private readonly holders = new Map<number, Waiter<void>>()

  /** By `make`. */
  constructor(tokensMax: number, waitersMax: number) {
    this.tokensMax = tokensMax
    this.waitersMax = waitersMax
  }

  private grant(): void {
    for (;;) {
      const { first } = this.line
      if (first === undefined || this.holders.size >= this.tokensMax) return
      this.holders.set(first.fiberId, first)
      this.line.end(first, "granted")
    }
  }

  private ask(operation: string, mayWait: boolean): Effect.Effect<Waiter<void>, SyncError> {
    return Effect.withFiber(({ id }) => {
      const { holders, line } = this
      if (holders.has(id)) return Effect.fail(new SyncError(operation, AlreadyOwner))
      const isFree = line.waiting.size === 0 && holders.size < this.tokensMax
      const waiter = new Waiter<void>(undefined, id)
      if (!isFree && !mayWait) return Effect.succeed(waiter)
      const { waitersMax } = this
      if (!isFree && line.waiting.size >= waitersMax) {
        return Effect.fail(new SyncError(operation, { _tag: "TooManyWaiters", waitersMax }))
      }
      line.enter(waiter)
      this.grant()
      return Effect.succeed(waiter)
    })
  }

  private leave(waiter: Waiter<void>): Effect.Effect<void> {
    return Effect.sync(() => {
      if (this.line.leave(waiter)) return
      // It may have been given back by `release`, and the fiber have another.
      if (this.holders.get(waiter.fiberId) !== waiter) return
      this.holders.delete(waiter.fiberId)
      this.grant()
    })
  }

  /**
   * Runs `effect` with a token, and gives that back however it ends. Waits in line for it. Fails
   * with `AlreadyOwner` in a fiber that has one, and with `TooManyWaiters`. Interrupted while it
   * waits, it leaves the line; just as it is handed a token, it passes that on.
   */
  withToken<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | SyncError, R> {
    return Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(this.ask("CapacityLimiter.withToken", true), (waiter) => {
        const granted = Effect.andThen(this.line.awaitEnd(waiter), effect)
        return Effect.onExit(restore(granted), () => this.leave(waiter))
      })
    )
  }

  /** A token for this fiber until the scope ends, or `release`. As `withToken`. */
  get acquire(): Effect.Effect<void, SyncError, Scope.Scope> {
    return Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(this.ask("CapacityLimiter.acquire", true), (waiter) =>
        Effect.andThen(
          Effect.onError(restore(this.line.awaitEnd(waiter)), () => this.leave(waiter)),
          Effect.addFinalizer(() => this.leave(waiter))
        )
      )
    )
  }

  /** Whether there was one for this fiber: not while anybody waits. Never waits. */
  get tryAcquire(): Effect.Effect<boolean, SyncError, Scope.Scope> {
    return Effect.uninterruptible(
      Effect.flatMap(this.ask("CapacityLimiter.tryAcquire", false), (waiter) =>
        waiter.place !== "granted"
          ? Effect.succeed(false)
          : Effect.as(
              Effect.addFinalizer(() => this.leave(waiter)),
              true
            )
      )
    )
  }

  /** Gives this fiber's token to who waits longest. Fails with `NotOwner`. */
  get release(): Effect.Effect<void, SyncError> {
    return Effect.withFiber(({ id }) => {
      const waiter = this.holders.get(id)
      return waiter === undefined
        ? Effect.fail(new SyncError("CapacityLimiter.release", NotOwner))
        : this.leave(waiter)
    })
  }

  /**
   * Changes the number of tokens. More: those who wait have them at once. Fewer: nobody loses his,
   * and the next one waits until fewer are used. Fails with `InvalidArgument`.
   */
  resize(tokensMax: number): Effect.Effect<void, SyncError> {
    return Effect.suspend(() => {
      const bad = outside("tokensMax", tokensMax, 1, tokensMaxMax)
      if (bad !== undefined) return Effect.fail(new SyncError("CapacityLimiter.resize", bad))
      this.tokensMax = tokensMax
      this.grant()
      return Effect.void
    })
  }

  /** Who has what now. */
  get snapshot(): Effect.Effect<LimiterSnapshot> {
    return Effect.sync(() => ({
      tokensMax: this.tokensMax,
      holders: Array.from(this.holders.keys()),
      waiting: Array.from(this.line.waiting, (waiter) => waiter.fiberId)
    }))
  }
}

/** Fails with `InvalidArgument`. */
export const make = (options: LimiterOptions): Effect.Effect<CapacityLimiter, SyncError> =>
  Effect.suspend(() => {
    const { tokensMax, waitersMax = waitersMaxByDefault } = options
    const bad =
      outside("tokensMax", tokensMax, 1, tokensMaxMax) ??
      outside("waitersMax", waitersMax, 0, tokensMaxMax)
    return bad === undefined
      ? Effect.succeed(new CapacityLimiter(tokensMax, waitersMax))
      : Effect.fail(new SyncError("CapacityLimiter.make", bad))
  })
