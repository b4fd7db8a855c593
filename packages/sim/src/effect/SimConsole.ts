/**
 * Effect's own `Console` for one process: what it and the loggers on it print is kept, by lines,
 * and does not reach the host's console.
 */
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Formatter from "effect/Formatter"
import * as Layer from "effect/Layer"

export type Level = "debug" | "error" | "info" | "log" | "trace" | "warn"

export interface ConsoleLine {
  readonly level: Level
  /** What was printed, without its end of line; of several lines it has as many. */
  readonly text: string
}

export interface SimConsoleOptions {
  /** Told each line as it is printed. */
  readonly onLine: (line: ConsoleLine) => void
}

const nanosPerMilli = 1_000_000n

class LineConsole implements Console.Console {
  private readonly counts = new Map<string, number>()
  private readonly timers = new Map<string, bigint>()
  private readonly clock: Clock.Clock
  private readonly onLine: SimConsoleOptions["onLine"]
  private indent = ""

  constructor(clock: Clock.Clock, onLine: SimConsoleOptions["onLine"]) {
    this.clock = clock
    this.onLine = onLine
  }

  private print(level: Level, values: ReadonlyArray<unknown>): void {
    const text = values.map((value) =>
      typeof value === "string" ? value : Formatter.format(value)
    )
    this.onLine({ level, text: this.indent + text.join(" ").replaceAll("\n", `\n${this.indent}`) })
  }

  private millisOf(label: string): string {
    const began = this.timers.get(label) ?? this.clock.monotonicTimeNanosUnsafe()
    return `${label}: ${(this.clock.monotonicTimeNanosUnsafe() - began) / nanosPerMilli}ms`
  }

  readonly debug = (...values: ReadonlyArray<unknown>) => this.print("debug", values)
  readonly error = (...values: ReadonlyArray<unknown>) => this.print("error", values)
  readonly info = (...values: ReadonlyArray<unknown>) => this.print("info", values)
  readonly log = (...values: ReadonlyArray<unknown>) => this.print("log", values)
  readonly trace = (...values: ReadonlyArray<unknown>) => this.print("trace", values)
  readonly warn = (...values: ReadonlyArray<unknown>) => this.print("warn", values)
  readonly dir = (item: unknown) => this.print("log", [item])
  readonly dirxml = this.log
  readonly table = (data: unknown) => this.print("log", [data])
  readonly clear = () => {}

  readonly assert = (condition: boolean, ...values: ReadonlyArray<unknown>) => {
    if (!condition) this.print("error", ["Assertion failed", ...values])
  }
  readonly count = (label = "default") => {
    const count = (this.counts.get(label) ?? 0) + 1
    this.counts.set(label, count)
    this.print("log", [`${label}: ${count}`])
  }
  readonly countReset = (label = "default") => void this.counts.delete(label)

  readonly group = (...values: ReadonlyArray<unknown>) => {
    if (values.length > 0) this.print("log", values)
    this.indent += "  "
  }
  readonly groupCollapsed = this.group
  readonly groupEnd = () => void (this.indent = this.indent.slice(2))

  readonly time = (label = "default") =>
    void this.timers.set(label, this.clock.monotonicTimeNanosUnsafe())
  readonly timeLog = (label = "default", ...values: ReadonlyArray<unknown>) =>
    this.print("log", [this.millisOf(label), ...values])
  readonly timeEnd = (label = "default") => {
    this.print("log", [this.millisOf(label)])
    this.timers.delete(label)
  }
}

/** A console of its own for whatever it is provided to, with the clock of its process. */
export const layer = ({ onLine }: SimConsoleOptions): Layer.Layer<never> =>
  Layer.effect(
    Console.Console,
    Effect.withFiber((fiber) =>
      Effect.sync(() => new LineConsole(fiber.getRef(Clock.Clock), onLine))
    )
  )
