/**
 * Values for all who subscribe, of whom a slow one loses the oldest and learns how many it missed.
 *
 * Sending never waits. (Effect's `PubSub.sliding` drops as well, without a word.) As tokio's
 * `sync::broadcast`.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { orRetry, tooLate } from "../internal/orRetry.ts"
import { FiberLine, Waiter } from "../internal/sync/FiberLine.ts"
import { SyncError } from "./SyncError.ts"
import { AlreadyOwner, Closed, outside, type SyncReason } from "./SyncReason.ts"

export interface Received<A> {
  readonly value: A
  /** Values that came since the one before, and were overwritten before this was asked for. */
  readonly missed: number
}

/** Values by their number, of which the last ones are kept. */
class Ring<A> {
  private readonly items: Array<A | undefined>
  readonly line = new FiberLine<void>()
  /** The number of the next value. */
  next = 0
  isEnded = false
  subscribers = 0

  constructor(capacity: number) {
    this.items = Array<A | undefined>(capacity).fill(undefined)
  }

  get oldest(): number {
    return Math.max(0, this.next - this.items.length)
  }

  put(value: A): void {
    this.items[this.next++ % this.items.length] = value
    this.wakeAll()
  }

  at(number: number): A {
    return this.items[number % this.items.length] as A
  }

  wakeAll(): void {
    this.line.endAll("granted")
  }
}

export class Subscription<A> {
  private readonly ring: Ring<A>
  private position: number
  private isClosed = false
  /** Who waits; out of line for a moment while all are told. */
  private waiter: Waiter<void> | undefined = undefined

  /** By `Broadcast.subscribe`. */
  constructor(ring: Ring<A>) {
    this.ring = ring
    this.position = ring.next
    ring.subscribers++
  }

  private readonly takeNow = Effect.sync((): Option.Option<Received<A>> => {
    const { ring } = this
    if (this.isClosed || this.waiter !== undefined || this.position === ring.next) throw tooLate
    const missed = Math.max(0, ring.oldest - this.position)
    const number = this.position + missed
    this.position = number + 1
    return Option.some({ value: ring.at(number), missed })
  })

  private readonly wait: Effect.Effect<Option.Option<Received<A>>, SyncError> = Effect.callback(
    (resume) => {
      const { ring } = this
      const { line } = ring
      const fail = (reason: SyncReason) =>
        resume(Effect.fail(new SyncError("Subscription.receive", reason)))
      if (this.isClosed) return fail(Closed)
      if (this.waiter !== undefined) return fail(AlreadyOwner)
      if (this.position < ring.next) return resume(this.receive)
      if (ring.isEnded) return resume(Effect.succeedNone)
      const waiter = new Waiter<void>(undefined, 0)
      this.waiter = waiter
      const forget = () => {
        if (this.waiter === waiter) this.waiter = undefined
      }
      waiter.onEnd = () => {
        forget()
        resume(this.receive)
      }
      line.enter(waiter)
      return Effect.sync(() => {
        line.leave(waiter)
        forget()
      })
    }
  )

  /**
   * The next value that is kept, waited for; none once the broadcast has ended and all was given.
   * One fiber at a time waits: fails with `AlreadyOwner` otherwise, and with `Closed`. Interrupted,
   * it has taken nothing.
   */
  get receive(): Effect.Effect<Option.Option<Received<A>>, SyncError> {
    return orRetry(this.takeNow, this.wait)
  }

  /** Idempotent. */
  get close(): Effect.Effect<void> {
    return Effect.sync(() => {
      if (this.isClosed) return
      this.isClosed = true
      this.ring.subscribers--
      this.ring.wakeAll()
    })
  }
}

export class Broadcast<A> {
  private readonly ring: Ring<A>

  /** By `make`. */
  constructor(capacity: number) {
    this.ring = new Ring(capacity)
  }

  /** For all who subscribe now; how many they are. Never waits. Fails with `Closed` after `end`. */
  send(value: A): Effect.Effect<number, SyncError> {
    return Effect.suspend(() => {
      if (this.ring.isEnded) return Effect.fail(new SyncError("Broadcast.send", Closed))
      this.ring.put(value)
      return Effect.succeed(this.ring.subscribers)
    })
  }

  /** What is sent from now on, until the scope ends. */
  get subscribe(): Effect.Effect<Subscription<A>, never, Scope.Scope> {
    return Effect.acquireRelease(
      Effect.sync(() => new Subscription(this.ring)),
      (subscription) => subscription.close
    )
  }

  /** Nothing is sent any more: subscribers get what is kept, then the end. Idempotent. */
  get end(): Effect.Effect<void> {
    return Effect.sync(() => {
      this.ring.isEnded = true
      this.ring.wakeAll()
    })
  }
}

/** Keeps the last `capacity` values, 1 to 1,000,000. Fails with `InvalidArgument`. */
export const make = <A>(options: {
  readonly capacity: number
}): Effect.Effect<Broadcast<A>, SyncError> =>
  Effect.suspend(() => {
    const bad = outside("capacity", options.capacity, 1, 1_000_000)
    return bad === undefined
      ? Effect.succeed(new Broadcast<A>(options.capacity))
      : Effect.fail(new SyncError("Broadcast.make", bad))
  })
