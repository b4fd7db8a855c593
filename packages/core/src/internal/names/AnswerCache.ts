/**
 * Answers kept as long as they may be, the least recently used dropped first, and questions that
 * are under way, which are asked once however many wait.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { IoError } from "../../IoError.ts"

interface Kept<A> {
  readonly value: A
  readonly keptAtNanos: bigint
  readonly ttlSeconds: number
}

interface Flight<A> {
  readonly landed: Deferred.Deferred<A, IoError>
  waiting: number
  fiber: Fiber.Fiber<unknown, unknown> | undefined
}

/** An answer, and how much of its time it has used up. */
export interface Shared<A> {
  readonly value: A
  readonly ageSeconds: number
  readonly isShared: boolean
}

const nanosPerSecond = 1_000_000_000n

export class AnswerCache<A> {
  private readonly entriesMax: number
  private readonly secondsOf: (value: A) => number
  // In the order of use, the least recent first.
  private readonly kept = new Map<string, Kept<A>>()
  private readonly flights = new Map<string, Flight<A>>()

  /** `secondsOf` is how long a value may be kept; 0 is not at all. */
  constructor(entriesMax: number, secondsOf: (value: A) => number) {
    this.entriesMax = entriesMax
    this.secondsOf = secondsOf
  }

  /** Entries, for tests. */
  get size(): number {
    return this.kept.size
  }

  /**
   * What is kept under `key`, or what `ask` answers, which runs once for all that wait. Who is
   * interrupted waits no more; the last one's interruption interrupts `ask`.
   */
  get(key: string, ask: Effect.Effect<A, IoError>): Effect.Effect<Shared<A>, IoError> {
    return Clock.clockWith((clock) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.suspend(() => {
          const kept = this.find(key, clock.monotonicTimeNanosUnsafe())
          if (kept !== undefined) return Effect.succeed(kept)
          const known = this.flights.get(key)
          const boarded = known === undefined ? this.take(key, ask, clock) : Effect.succeed(known)
          return Effect.flatMap(boarded, (flight) => {
            flight.waiting++
            return Effect.onExit(
              Effect.map(restore(Deferred.await(flight.landed)), (value) => ({
                value,
                ageSeconds: 0,
                isShared: known !== undefined
              })),
              () => this.leave(key, flight)
            )
          })
        })
      )
    )
  }

  private find(key: string, now: bigint): Shared<A> | undefined {
    const kept = this.kept.get(key)
    if (kept === undefined) return undefined
    this.kept.delete(key)
    const ageSeconds = Number((now - kept.keptAtNanos) / nanosPerSecond)
    if (ageSeconds >= kept.ttlSeconds) return undefined
    this.kept.set(key, kept)
    return { value: kept.value, ageSeconds, isShared: true }
  }

  private keep(key: string, value: A, now: bigint): void {
    const ttlSeconds = this.secondsOf(value)
    if (ttlSeconds <= 0) return
    this.kept.delete(key)
    this.kept.set(key, { value, keptAtNanos: now, ttlSeconds })
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= this.entriesMax) break
      this.kept.delete(oldest)
    }
  }

  // A fiber of its own: whoever asked first may be interrupted while others go on waiting.
  private take(
    key: string,
    ask: Effect.Effect<A, IoError>,
    clock: Clock.Clock
  ): Effect.Effect<Flight<A>> {
    const flight: Flight<A> = { landed: Deferred.makeUnsafe(), waiting: 0, fiber: undefined }
    this.flights.set(key, flight)
    const land = (exit: Exit.Exit<A, IoError>) => {
      if (this.flights.get(key) === flight) this.flights.delete(key)
      if (exit._tag === "Success") this.keep(key, exit.value, clock.monotonicTimeNanosUnsafe())
      return Deferred.done(flight.landed, exit)
    }
    const flown = Effect.onExit(Effect.interruptible(ask), land)
    return Effect.map(Effect.forkDetach(Effect.exit(flown)), (fiber) => {
      flight.fiber = fiber
      return flight
    })
  }

  private leave(key: string, flight: Flight<A>): Effect.Effect<void> {
    return Effect.suspend(() => {
      flight.waiting--
      if (flight.waiting > 0 || this.flights.get(key) !== flight) return Effect.void
      this.flights.delete(key)
      return flight.fiber === undefined ? Effect.void : Fiber.interrupt(flight.fiber)
    })
  }
}
