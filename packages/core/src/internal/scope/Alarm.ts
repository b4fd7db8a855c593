/**
 * Something that happens at a moment of the monotonic clock, once, and can be moved until then.
 *
 * One fiber in `Clock.sleep` while it is set, none otherwise. Moving it to a later moment leaves
 * the sleep as it is: it looks again when it wakes, so what is put off at every message is cheap.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"

// `TestClock` counts milliseconds in a double, which less than a microsecond may not move.
const sleepNanosMin = 1_000n
/** A sleep that is later than this was held up. */
const lateNanosMax = 1_000_000n
/** Sleeps that give I/O its turn then: the host may be held up in each of them as well. */
const roundsWhenHeldUp = 3

/** What is left until `due`, as a sleep; undefined when it has come. */
export const leftUntil = (due: bigint, clock: Clock.Clock): Duration.Duration | undefined => {
  const left = due - clock.monotonicTimeNanosUnsafe()
  if (left <= 0n) return undefined
  return Duration.nanos(left < sleepNanosMin ? sleepNanosMin : left)
}

export class Alarm {
  private readonly onDue: () => void
  private readonly isLast: boolean
  private due = 0n
  /** The moment that the sleep under way is for. */
  private armedFor = 0n
  private fiber: Fiber.Fiber<void> | undefined

  /** `isLast`: what completes in the turn in which it is due goes first. */
  constructor(onDue: () => void, isLast = false) {
    this.onDue = onDue
    this.isLast = isLast
  }

  /** Sets or moves it. `onDue` is called later, never early, by the clock of `context`. */
  set(due: bigint, context: Context.Context<never>): void {
    this.due = due
    if (this.fiber !== undefined && due >= this.armedFor) return
    this.clear()
    this.armedFor = due
    const fiber = Effect.runForkWith(context)(this.watch(Context.get(context, Clock.Clock)))
    if (fiber.pollUnsafe() === undefined) this.fiber = fiber
  }

  /** It does not happen, and holds nothing any more. */
  clear(): void {
    const { fiber } = this
    this.fiber = undefined
    fiber?.interruptUnsafe()
  }

  // A host's clock may wake a sleep a part of a millisecond early, so the time is looked at again.
  private watch(clock: Clock.Clock): Effect.Effect<void> {
    const end = Effect.sync(() => {
      this.fiber = undefined
      this.onDue()
    })
    const again = Effect.andThen(
      Effect.yieldNow,
      Effect.suspend(() => clock.sleep(Duration.nanos(sleepNanosMin)))
    ).pipe(Effect.repeat({ times: roundsWhenHeldUp - 1 }))
    return Effect.suspend(() => {
      const left = leftUntil(this.due, clock)
      if (left === undefined) return this.isHeldUp(clock) ? Effect.andThen(again, end) : end
      this.armedFor = this.due
      return Effect.andThen(clock.sleep(left), this.watch(clock))
    })
  }

  // A loop that was held up finds timers and I/O due together, and runs timers first. Tasks come
  // next on Bun, then I/O; on Node it is the other way round. A timer from a task is behind both.
  private isHeldUp(clock: Clock.Clock): boolean {
    return this.isLast && clock.monotonicTimeNanosUnsafe() - this.due > lateNanosMax
  }
}
