/** A `HostScheduler` over a loop that the test drives, step by step. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { HostScheduler, type HostSchedulerOptions } from "../../src/HostScheduler.ts"
import type { LoopSnapshot } from "../../src/LoopSnapshot.ts"
import { ScriptedLoop } from "../scripted/ScriptedLoop.ts"

/** Counts how often it is asked for the time. */
class CountingLoop extends ScriptedLoop {
  looks = 0
  /** What passes with each look. */
  tickMillis = 0

  override nowMillis(): number {
    this.looks++
    this.millis += this.tickMillis
    return super.nowMillis()
  }
}

export class LoopRig {
  /** Microtasks that the scheduler asked for. */
  readonly soon: Array<() => void> = []
  readonly loop = new CountingLoop((callback) => void this.soon.push(callback))
  readonly scheduler: HostScheduler
  /** What the program noted, in order. */
  readonly log: Array<string> = []

  constructor(options?: HostSchedulerOptions) {
    this.scheduler = new HostScheduler(this.loop, options)
  }

  run<A, E>(effect: Effect.Effect<A, E>): Fiber.Fiber<A, E> {
    return Effect.runFork(effect, { scheduler: this.scheduler })
  }

  note(text: string): Effect.Effect<void> {
    return Effect.sync(() => void this.log.push(text))
  }

  /** One operation that takes `millis`. */
  busy(millis: number): Effect.Effect<void> {
    return Effect.sync(() => void (this.loop.millis += millis))
  }

  /** `count` operations of `millis` each, between which a fiber may be told to yield. */
  computing(count: number, millis: number): Effect.Effect<void> {
    return count === 0
      ? Effect.void
      : Effect.suspend(() => {
          this.loop.millis += millis
          return this.computing(count - 1, millis)
        })
  }

  /** Fibers that wait, and then do `then`; each is woken by its `wake`. */
  waiting(count: number, then: (index: number) => Effect.Effect<void>) {
    return Array.from({ length: count }, (_, index) => {
      const deferred = Deferred.makeUnsafe<void>()
      const fiber = this.run(Effect.andThen(Deferred.await(deferred), then(index)))
      return { fiber, wake: () => Deferred.doneUnsafe(deferred, Effect.void) }
    })
  }

  /** A callback of the host, as a port brackets it. */
  callback(raise: () => void): void {
    this.scheduler.begin()
    try {
      raise()
    } finally {
      this.scheduler.end()
    }
  }

  /** Ends the stretch of whatever ran outside of any callback. */
  runSoon(): void {
    for (const callback of this.soon.splice(0)) callback()
  }

  /** Runs turns until none is armed: how many there were. */
  settle(): number {
    this.runSoon()
    let turns = 0
    while (this.loop.turn()) turns++
    return turns
  }

  get armed(): number {
    return this.loop.turns.length
  }

  get snapshot(): LoopSnapshot {
    return this.scheduler.snapshot()
  }
}
