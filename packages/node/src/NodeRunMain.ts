/**
 * Running a program as a process: signals, logs, the exit code, and an end that comes by itself.
 *
 * Effect's own `runMain` holds the process with a timer. Here the loop decides: the process lives
 * as long as a ref'd handle or timer does.
 */
import { constants } from "node:os"
import type { EventLoop } from "@portico/core/EventLoop"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Runtime from "effect/Runtime"
import type { Scheduler } from "effect/Scheduler"
import type * as Scope from "effect/Scope"
import { endProcess, mayNotExit } from "./endProcess.ts"
import { NodeLoopReport } from "./loop/NodeLoopReport.ts"
import * as LaneThreads from "./pool/LaneThreads.ts"

/** Conventional: 128 + the signal's number. */
const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const
/** Ask for a dump. The second exists on BSD and macOS, where Ctrl-T sends it. */
const dumpSignals = ["SIGUSR2", "SIGINFO"].filter((name) => name in constants.signals)
/** What Node itself exits with when the loop is empty and the main module still waits. */
const exitWaitingForNothing = 13
/** How long foreign timers and handles may hold a process whose program was told to stop. */
const exitGraceMillis = 1000

type Ending = "running" | "signalled" | "idle" | "stuck"

/** Standard output is the program's; logs go to standard error. */
const logsToStandardError = Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)])

const tell = (text: string): void => void process.stderr.write(text)

/**
 * Runs `program` with the services of `layer` as this process's main program, on `scheduler`.
 *
 * - It ends: exit code 0; it fails or dies: the cause on standard error and exit code 1, or the
 *   error's own `Runtime.errorExitCode`. An error marked `Runtime.errorReported: false` was told
 *   already and is not printed.
 * - SIGINT, SIGTERM or SIGHUP (the terminal is gone) interrupts it: its finalizers run (servers
 *   drain), exit code 0. A second signal exits at once with 130, 143 or 129. So does, with 0, what
 *   the program left behind in the host and what holds the process 1 s after the program's end.
 *   Either way standard error says first what kept it alive.
 * - Nor does a thread hold it that cannot be ended, since it stands in a system call: one of the
 *   host's, then, or one of a lane 5 s after it was told to end, which standard error says. Then
 *   `exit` listeners run, the exit code is the same, and nothing else of the host's exit is done.
 *   (SIGKILL, where the host has no `process.execve` or no `/bin/sh`.)
 * - Nothing keeps the loop alive any more while it still waits: it is interrupted. If that is
 *   because every open handle was unref'd, the exit code is 0; if nothing is open, it waits for
 *   what cannot come: standard error says so and lists its fibers, exit code 13.
 * - SIGUSR2 (and SIGINFO where there is one) writes `EventLoop.dump` to standard error, any number
 *   of times, whatever the program waits for; it goes on.
 */
export const runMainWith = <R>(
  layer: Layer.Layer<R | EventLoop>,
  scheduler: () => Scheduler
): (<A, E>(program: Effect.Effect<A, E, R | EventLoop | Scope.Scope>) => void) => {
  return (program) => {
    let ending: Ending = "running"
    let stuckFibers = ""
    const report = new NodeLoopReport()

    const onSignal = (signal: NodeJS.Signals) => {
      if (ending !== "running") {
        tell(`Left at the second signal, ${signal}, while kept alive by${report.keptAliveBy}\n`)
        leaveNow(signals[signal as keyof typeof signals])
      }
      ending = "signalled"
      fiber.interruptUnsafe()
    }
    const onLoopEmpty = () => {
      if (ending !== "running") return
      ending = report.hasHandles ? "idle" : "stuck"
      if (ending === "stuck") stuckFibers = report.fibers
      fiber.interruptUnsafe()
    }
    const onDump = () => tell(report.dump)
    for (const signal of Object.keys(signals)) process.on(signal, onSignal)
    for (const signal of dumpSignals) process.on(signal, onDump)
    process.on("beforeExit", onLoopEmpty)
    // Only now: a program may be signalled as soon as it runs, and it runs before this returns.
    const watched = Effect.andThen(report.attach, Effect.scoped(program))
    const all = Layer.provideMerge(layer, logsToStandardError)
    const fiber = Effect.runFork(Effect.provide(watched, all), { scheduler: scheduler() })
    fiber.addObserver((exit) => {
      report.detach()
      for (const signal of Object.keys(signals)) process.off(signal, onSignal)
      process.off("beforeExit", onLoopEmpty)
      if (ending === "stuck" && isInterruption(exit)) {
        tell(`The main fiber #${fiber.id} waits, and ${nothingLeft}. Fibers:${stuckFibers}\n`)
      }
      process.exitCode = exitCode(exit, ending)
      process.on("exit", leavePastThreads)
      if (ending === "signalled") leaveInTime(report)
    })
  }
}

const nothingLeft = "no handle or timer is left that could wake it"

// What the program left behind may not hold the process. Not `exit` now: output in pipes would be
// cut off.
const leaveInTime = (report: NodeLoopReport): void => {
  const leave = () => {
    tell(`Left ${exitGraceMillis} ms after the end, while kept alive by${report.keptAliveBy}\n`)
    leaveNow()
  }
  setTimeout(leave, exitGraceMillis).unref()
}

/** Whatever the threads of the process do. */
const leaveNow = (code?: number): void => {
  process.on("exit", (exitCode) => {
    if (mayNotExit()) endProcess(exitCode)
  })
  process.exit(code)
}

/** Lanes have given them up; the host would wait for them. */
const leavePastThreads = (code: number): void => {
  const count = LaneThreads.countOverdue()
  if (count === 0) return
  tell(`Left past ${count === 1 ? "a thread" : `${count} threads`} that did not end\n`)
  endProcess(code)
}

const isInterruption = <A, E>(exit: Exit.Exit<A, E>): boolean =>
  Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)

const exitCode = <A, E>(exit: Exit.Exit<A, E>, ending: Ending): number => {
  if (Exit.isSuccess(exit)) return 0
  if (!Cause.hasInterruptsOnly(exit.cause)) {
    const error = Cause.squash(exit.cause)
    if (Runtime.getErrorReported(error)) tell(`${Cause.pretty(exit.cause)}\n`)
    return Runtime.getErrorExitCode(error)
  }
  if (ending === "stuck") return exitWaitingForNothing
  return ending === "running" ? 1 : 0
}
