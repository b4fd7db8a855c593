/**
 * Running a program as a process: signals, logs, the exit code, and an end that comes by itself.
 *
 * Effect's own `runMain` holds the process with a timer. Here the loop decides: the process lives
 * as long as a ref'd handle or timer does.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Runtime from "effect/Runtime"
import type * as Scope from "effect/Scope"

/** Conventional: 128 + the signal's number. */
const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const
/** What Node itself exits with when the loop is empty and the main module still waits. */
const exitWaitingForNothing = 13
/** How long foreign timers and handles may hold a process whose program was told to stop. */
const exitGraceMillis = 1000

type Ending = "running" | "signalled" | "idle" | "stuck"

/** Standard output is the program's; logs go to standard error. */
const logsToStandardError = Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)])

/**
 * Runs `program` with the services of `layer` as this process's main program.
 *
 * - It ends: exit code 0; it fails or dies: the cause on standard error and exit code 1, or the
 *   error's own `Runtime.errorExitCode`. An error marked `Runtime.errorReported: false` was told
 *   already and is not printed.
 * - SIGINT, SIGTERM or SIGHUP (the terminal is gone) interrupts it: its finalizers run (servers
 *   drain), exit code 0. A second signal exits at once with 130, 143 or 129.
 * - Nothing keeps the loop alive any more while it still waits: it is interrupted. If that is
 *   because every open handle was unref'd, the exit code is 0; if nothing is open, it waits for
 *   what cannot come: a line on standard error says so, exit code 13.
 */
export const runMainWith = <R>(
  layer: Layer.Layer<R>,
  hasOpenHandles: Effect.Effect<boolean, never, R>
) => {
  return <A, E>(program: Effect.Effect<A, E, R | Scope.Scope>): void => {
    let ending: Ending = "running"
    let probe: (() => boolean) | undefined
    const watched = Effect.gen(function* () {
      const context = yield* Effect.context<R>()
      probe = () => Effect.runSyncWith(context)(hasOpenHandles)
      return yield* Effect.scoped(program)
    })

    const onSignal = (signal: NodeJS.Signals) => {
      if (ending !== "running") process.exit(signals[signal as keyof typeof signals])
      ending = "signalled"
      fiber.interruptUnsafe()
    }
    const onLoopEmpty = () => {
      if (ending !== "running") return
      ending = probe?.() === true ? "idle" : "stuck"
      fiber.interruptUnsafe()
    }
    for (const signal of Object.keys(signals)) process.on(signal, onSignal)
    process.on("beforeExit", onLoopEmpty)
    // Only now: a program may be signalled as soon as it runs, and it runs before this returns.
    const all = Layer.merge(layer, logsToStandardError)
    const fiber = Effect.runFork(Effect.provide(watched, all))
    fiber.addObserver((exit) => {
      for (const signal of Object.keys(signals)) process.off(signal, onSignal)
      process.off("beforeExit", onLoopEmpty)
      process.exitCode = exitCode(exit, ending, fiber)
      // What the program left behind may not hold the process. Not `exit` now: output in pipes
      // would be cut off.
      if (ending === "signalled") setTimeout(() => process.exit(), exitGraceMillis).unref()
    })
  }
}

const exitCode = <A, E>(
  exit: Exit.Exit<A, E>,
  ending: Ending,
  fiber: Fiber.Fiber<A, E>
): number => {
  if (Exit.isSuccess(exit)) return 0
  if (!Cause.hasInterruptsOnly(exit.cause)) {
    const error = Cause.squash(exit.cause)
    if (Runtime.getErrorReported(error)) process.stderr.write(`${Cause.pretty(exit.cause)}\n`)
    return Runtime.getErrorExitCode(error)
  }
  if (ending === "stuck") {
    const who = `The main fiber #${fiber.id}`
    process.stderr.write(`${who} waits, and no handle or timer is left that could wake it\n`)
    return exitWaitingForNothing
  }
  return ending === "running" ? 1 : 0
}
