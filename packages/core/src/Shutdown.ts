/**
 * Stopping a program in order: named parts, each with its time, one after the other or by stages,
 * within a total that nothing can exceed, and a report of how each went.
 *
 * A scope's finalizers run in order too, but one that hangs hangs them all, and nobody learns which
 * it was. Compare Go's `http.Server.Shutdown`, which is one part, and the hosted services of .NET
 * and SwiftNIO's quiescing, which are the whole.
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { ShutdownSequence } from "./internal/scope/ShutdownSequence.ts"
import { format, type ShutdownReport } from "./ShutdownReport.ts"

export interface Options {
  /** All of it, what is interrupted and given up included: from 1 millisecond to 1 day. */
  readonly total: Duration.Input
  /**
   * How long a part whose time is over gets to end after its interruption, at most the total. It
   * is taken off the total, and shared when parts use it up. Default: 1 second, or half the total
   * if that is shorter.
   */
  readonly interruptGrace?: Duration.Input | undefined
  /**
   * The names of the stages, first to stop first; then every part says which it belongs to. The
   * parts of one stage stop at the same time. Default: none, and the part that was registered last
   * stops first, alone.
   */
  readonly stages?: ReadonlyArray<string> | undefined
}

export interface Part<E, R> {
  /** What the report calls it. */
  readonly name: string
  /** Stops it. Interrupted when its time is over. */
  readonly stop: Effect.Effect<unknown, E, R>
  /** Its time, at most 1 day. Default: what is left of the total. */
  readonly timeout?: Duration.Input | undefined
  /** Required with stages, and one of them. */
  readonly stage?: string | undefined
}

export class Shutdown extends Context.Service<
  Shutdown,
  {
    /**
     * Adds a part. Its services are those at hand now. Dies with a `RangeError` that names a wrong
     * timeout or stage. When the shutdown has begun, the part is stopped at once, within its own
     * time, and is in no report.
     */
    readonly register: <E, R>(part: Part<E, R>) => Effect.Effect<void, never, R>
    /**
     * Stops the parts and reports; it never fails. A part sees its deadline in `Deadline.current`;
     * one whose time is over before it began is begun all the same, and interrupted where it first
     * waits. Run again, it gives the first run's report.
     *
     * Interrupting it interrupts the parts, those to come where they first wait, and waits for the
     * end: at most the total. No deadline around it reaches the parts.
     */
    readonly run: Effect.Effect<ShutdownReport>
  }
>()("@portico/core/Shutdown") {}

/**
 * A shutdown that runs when the scope ends, unless it has before; then a report with anything but
 * finished parts is logged as a warning. What the parts need must outlive it: make it after that,
 * or run it yourself. Dies with a `RangeError` that names an option out of its bound.
 */
export const make = (options: Options): Effect.Effect<Shutdown["Service"], never, Scope.Scope> =>
  Effect.gen(function* () {
    const sequence = yield* Effect.sync(() => new ShutdownSequence(options))
    yield* Effect.addFinalizer(() =>
      sequence.isBegun ? Effect.asVoid(sequence.run) : Effect.flatMap(sequence.run, warn)
    )
    return Shutdown.of({
      register: (part) => sequence.register(part),
      run: sequence.run
    })
  })

const warn = (report: ShutdownReport): Effect.Effect<void> =>
  report.finished === report.parts.length ? Effect.void : Effect.logWarning(format(report))

/** `make` as a layer, for programs whose parts are layers of their own. */
export const layer = (options: Options): Layer.Layer<Shutdown> =>
  Layer.effect(Shutdown, make(options))
