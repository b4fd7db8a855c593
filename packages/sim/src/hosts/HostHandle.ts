/** A host, as a scenario arranges it. */
import * as Data from "effect/Data"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import type { CrashMode } from "../disk/crash.ts"
import * as SimDisk from "../disk/SimDisk.ts"
import type { IoKind } from "../kernel/IoEvents.ts"
import type { Services } from "../Process.ts"
import { toNanos } from "../effect/SimClock.ts"
import type { HostState, Machine } from "./Machine.ts"

/** The host's process ended, or crashed, before what ran in it. */
export class HostGone extends Data.TaggedError("HostGone")<{ readonly host: string }> {
  override get message(): string {
    return `The process of host ${this.host} ended first`
  }
}

export interface CrashOptions {
  /**
   * `power` (the default): all that was in memory is gone at once; peers hear nothing, and hold
   * half-open connections until their own timers say so. `kill`: the process ends without a
   * finalizer, as by SIGKILL; its kernel closes connections with FIN, or RST if input was unread.
   */
  readonly kind?: "power" | "kill" | undefined
  /** What a loss of power takes from the disk. Default `random`. */
  readonly disk?: CrashMode | undefined
}

/** A moment of a host: the `index`th I/O event from now, from 1; of any kind if none is said. */
export interface IoPoint {
  readonly on?: IoKind | undefined
  readonly index: number
}

/** What strikes a host. With a downtime it is restarted after that, else it stays as it is. */
export type HostFault =
  | { readonly crash: CrashOptions; readonly downtime?: Duration.Input | undefined }
  | { readonly pause: Duration.Input }

export interface HostClock {
  /** Sets the wall clock by so many milliseconds; negative ones set it back. */
  readonly step: (millis: number) => Effect.Effect<void>
  /**
   * The clock runs faster from now on by so many parts per million, slower if negative; at most
   * 100,000. Sleeps that have begun end as they would have.
   */
  readonly drift: (ppm: number) => Effect.Effect<void>
}

export type Signal = "SIGTERM" | "SIGINT" | "SIGKILL" | "SIGSTOP" | "SIGCONT"

export interface HostHandle {
  readonly name: string
  /** Beside loopback. */
  readonly addresses: ReadonlyArray<string>
  readonly disk: SimDisk.SimDisk
  readonly clock: HostClock
  readonly state: Effect.Effect<HostState>
  /** What the host has done so far: see `IoKind`. */
  readonly ioEvents: Effect.Effect<number>
  /**
   * Lets a fault strike at a moment of the host's I/O, inside of that event: before the program
   * knows of it. If it has not come by then, not any more when the scope closes.
   */
  readonly strikeAt: (point: IoPoint, fault: HostFault) => Effect.Effect<void, never, Scope.Scope>
  /** Processes that ever began here. */
  readonly incarnation: Effect.Effect<number>
  /**
   * Runs a program in a new process; powers the host on if need be. `main` is called anew at each
   * restart: what should not survive one belongs inside of it. Dies when a process runs already.
   * When the program ends, its process does, and the kernel closes what it left open.
   */
  readonly start: <A, E, R extends Services>(
    main: () => Effect.Effect<A, E, R>
  ) => Effect.Effect<void>
  /**
   * Runs another program in the host's process, which begins if there is none; as its exit.
   * Interruption interrupts it.
   */
  readonly run: <A, E, R extends Services>(
    program: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E | HostGone>
  /** How the program of `start` ends, when it ends by itself: in this process, or a later one. */
  readonly exit: Effect.Effect<Exit.Exit<unknown, unknown>>
  /** Of what has no power, or (`kill`) no process: nothing. No finalizer runs. */
  readonly crash: (options?: CrashOptions) => Effect.Effect<void>
  /** Runs what was started last in a new process. One that still runs is killed first. */
  readonly restart: Effect.Effect<void>
  /** `crash`, and `restart` after `downtime`, which this waits for. */
  readonly reboot: (downtime: Duration.Input, options?: CrashOptions) => Effect.Effect<void>
  /**
   * The process does nothing for so long, as one that collects garbage; its kernel goes on. Does
   * not wait.
   */
  readonly pause: (duration: Duration.Input) => Effect.Effect<void>
  /** SIGTERM and SIGINT interrupt the program, as `runMain` has it. The others do as on a host. */
  readonly signal: (signal: Signal) => Effect.Effect<void>
}

export const make = (machine: Machine): HostHandle => {
  const act = (task: () => void) => Effect.sync(task)
  const crash = (options: CrashOptions = {}) => act(() => crashNow(machine, options))
  const restart = act(() => machine.restart())
  return {
    name: machine.site.name,
    addresses: machine.site.addresses.map(({ literal }) => literal),
    disk: SimDisk.make(machine.disk),
    clock: {
      step: (millis) => act(() => machine.stepClock(Math.round(millis * nanosPerMilli))),
      drift: (ppm) => act(() => machine.drift(ppm))
    },
    state: Effect.sync(() => machine.state),
    ioEvents: Effect.sync(() => machine.site.io.count),
    strikeAt: ({ index, on }, fault) =>
      Effect.asVoid(
        Effect.acquireRelease(
          Effect.sync(() => machine.site.io.at(on, index, () => strike(machine, fault))),
          (forget) => Effect.sync(forget)
        )
      ),
    incarnation: Effect.sync(() => machine.incarnation),
    start: (main) => act(() => machine.start(main)),
    run: (program) => run(machine, program),
    exit: Effect.callback((resume) => {
      const forget = machine.onExit((exit) => resume(Effect.succeed(exit)))
      return Effect.sync(forget)
    }),
    crash,
    restart,
    reboot: (downtime, options) =>
      crash(options).pipe(Effect.andThen(Effect.sleep(downtime)), Effect.andThen(restart)),
    pause: (duration) => act(() => machine.pause(toNanos(duration))),
    signal: (signal) => act(() => send(machine, signal))
  }
}

const nanosPerMilli = 1e6

const crashNow = (machine: Machine, { disk = "random", kind = "power" }: CrashOptions): void =>
  kind === "kill" ? machine.kill() : machine.powerOff(disk)

/** At once, in the middle of whatever the host does. */
export const strike = (machine: Machine, fault: HostFault): void => {
  if ("pause" in fault) return machine.pause(toNanos(fault.pause))
  crashNow(machine, fault.crash)
  if (fault.downtime !== undefined) machine.restartIn(toNanos(fault.downtime))
}

const run = <A, E, R extends Services>(
  machine: Machine,
  program: Effect.Effect<A, E, R>
): Effect.Effect<A, E | HostGone> =>
  Effect.callback<A, E | HostGone>((resume) => {
    const gone = () => Effect.fail(new HostGone({ host: machine.site.name }))
    const interrupt = machine.run(program, (exit) => resume(exit ?? gone()))
    return Effect.callback<void>((resumed) => interrupt(() => resumed(Effect.void)))
  })

const send = (machine: Machine, signal: Signal): void => {
  switch (signal) {
    case "SIGTERM":
    case "SIGINT":
      return machine.interrupt()
    case "SIGKILL":
      return machine.kill()
    case "SIGSTOP":
      return machine.pause(Infinity)
    case "SIGCONT":
      return machine.resume()
  }
}
