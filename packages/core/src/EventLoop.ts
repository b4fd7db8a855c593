/**
 * The event loop as a service: whether it is alive and why, what it has open, what runs in it, what
 * time it is, and how to be woken from outside.
 *
 * One loop serves one thread. In the simulator each world has its own, in virtual time.
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import type { Blame } from "./Blame.ts"
import type { FiberReport } from "./FiberReport.ts"
import type { Handle } from "./Handle.ts"
import type { IoError } from "./IoError.ts"
import type { LoopSnapshot } from "./LoopSnapshot.ts"
import type { Phase } from "./Phase.ts"
import type { PendingOperation } from "./PendingOperation.ts"
import type { PhaseHook } from "./PhaseHook.ts"
import type { Timer } from "./Timer.ts"
import type { WakeUp } from "./WakeUp.ts"

export interface PostOptions {
  /** A task whose key stands in the queue already is not queued again (LOOP-12). */
  readonly key?: string | undefined
}

export class EventLoop extends Context.Service<
  EventLoop,
  {
    /** The backend's handles that are not `Closed`, by id. A snapshot: closing some is safe. */
    readonly handles: Effect.Effect<ReadonlyArray<Handle>>
    /** What fibers wait for now: on handles, and sleeps. A snapshot, by handle, then by age. */
    readonly operations: Effect.Effect<ReadonlyArray<PendingOperation>>
    /**
     * Whether a ref'd handle, an opening, a sleep, or a task that is queued or posted keeps the
     * loop, and so the process, alive.
     */
    readonly isAlive: Effect.Effect<boolean>
    /**
     * Why it is still running: a line for each thing that keeps the loop alive, with the place that
     * opened it; then what the host alone knows of. Empty when nothing does.
     */
    readonly keptAliveBy: Effect.Effect<ReadonlyArray<string>>
    /** Live fibers: span, state, what they wait for and for how long. The caller is `Running`. */
    readonly fibers: Effect.Effect<ReadonlyArray<FiberReport>>
    /** `keptAliveBy`, `fibers` and the figures of `snapshot`, as text for people. */
    readonly dump: Effect.Effect<string>
    /**
     * The turn's cached time: milliseconds with fractions on a clock that never goes backwards.
     * Cheap; as old as the turn's last look at the clock, at most.
     */
    readonly now: Effect.Effect<number>
    /** Looks at the clock: the new `now`. */
    readonly refresh: Effect.Effect<number>
    /** The same clock in nanoseconds, read anew. */
    readonly nowNanos: Effect.Effect<bigint>
    /**
     * A timer that can be moved while it runs, and unref'd. Closed with the scope, which wakes who
     * awaits it with `Closed`. A negative duration counts as 0; one without end never fires. Fails
     * with `Closed` once the backend has shut down, with `InvalidArgument` for what is no duration.
     */
    readonly openTimer: (duration: Duration.Input) => Effect.Effect<Timer, IoError, Scope.Scope>
    /**
     * A way to wake this loop from outside of fibers and from other threads. Closed with the
     * scope. Fails with `Closed` once the backend has shut down.
     */
    readonly openWakeUp: Effect.Effect<WakeUp, IoError, Scope.Scope>
    /**
     * Runs `task` in a later turn, in the order of posting (LOOP-10). One that dies is logged and
     * costs no other. At most 65,536 stand in the queue.
     *
     * Fails with `Closed` once the backend has shut down, with `ResourceExhausted` when the queue
     * is full. What was posted before the shutdown is started before it ends, and interrupted where
     * it goes on.
     */
    readonly post: (
      task: Effect.Effect<void>,
      options?: PostOptions
    ) => Effect.Effect<void, IoError>
    /** `post` for code that is no fiber: why it was refused, or undefined. */
    readonly postUnsafe: (task: Effect.Effect<void>, options?: PostOptions) => IoError | undefined
    /**
     * Calls `callback` each time the loop enters `phase`, until the scope ends. It runs on the
     * loop's own stack: keep it short. Unref'd hooks see the turns that happen anyway.
     *
     * Fails with `Unsupported` for a phase that the host does not show.
     */
    readonly hook: (
      phase: Phase,
      callback: () => void
    ) => Effect.Effect<PhaseHook, IoError, Scope.Scope>
    /** What the loop has measured of itself. Also kept as metrics, `portico_loop_…`. */
    readonly snapshot: Effect.Effect<LoopSnapshot>
    /**
     * Steps that held the thread for longer than the threshold, as they happen, one a site. A
     * subscriber that falls 128 behind loses the oldest. Each is logged as a warning, too.
     */
    readonly blames: Stream.Stream<Blame>
  }
>()("@portico/core/EventLoop") {}
