/** How far it is, in one line of a terminal that is drawn again and again. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as Terminal from "effect/Terminal"

export interface Progress {
  readonly filesDone: number
  readonly bytesRead: number
  readonly seconds: number
  /** Undefined until all of the tree has been looked at. */
  readonly total: { readonly files: number; readonly bytes: number } | undefined
}

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]

/** `1.4 GiB`: at most four digits. */
export const size = (bytes: number): string => {
  let value = bytes
  let unit = 0
  while (value >= 1_024 && unit < units.length - 1) {
    value /= 1_024
    unit++
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

const barCells = 24
// Bytes may be read twice where a file grows, so the part is cut at one.
const bar = (part: number): string => {
  const full = Math.round(Math.min(1, part) * barCells)
  return `[${"█".repeat(full)}${"░".repeat(barCells - full)}]`
}

const percent = (part: number): string => `${Math.floor(Math.min(1, part) * 100)} %`.padStart(5)

/** At most `columns` wide. */
export const format = (
  { bytesRead, filesDone, seconds, total }: Progress,
  columns: number
): string => {
  const rate = seconds > 0 ? `${size(bytesRead / seconds)}/s` : ""
  const known = total === undefined ? undefined : total.bytes === 0 ? 1 : bytesRead / total.bytes
  const count = total === undefined ? `${filesDone} files` : `${filesDone}/${total.files} files`
  const read = total === undefined ? size(bytesRead) : `${size(bytesRead)} of ${size(total.bytes)}`
  const text = [count, read, rate].filter((part) => part !== "").join("  ")
  const line = known === undefined ? text : `${bar(known)} ${percent(known)}  ${text}`
  return line.length < columns ? line : text.slice(0, Math.max(0, columns - 1))
}

const clearLine = "\r\u001b[K"

const write = (text: string) =>
  Effect.flatMap(Stdio.Stdio, (stdio) =>
    // What cannot be drawn is not worth a failure.
    Effect.ignore(Stream.run(Stream.make(text), stdio.stderr()))
  )

export interface Drawing {
  /** Clears the line, so that others may write; it is drawn again soon. */
  readonly clear: Effect.Effect<void, never, Stdio.Stdio>
}

/** What is told when standard output is no terminal, or its width unknown. */
const columnsDefault = 80

/**
 * Draws ten times a second until the scope ends, and then clears the line. Undefined when standard
 * error is no terminal: nothing is drawn then.
 */
export const draw = Effect.fnUntraced(function* (
  look: (seconds: number) => Progress
): Effect.fn.Return<Drawing | undefined, never, Scope.Scope | Stdio.Stdio | Terminal.Terminal> {
  const { stderrIsTerminal } = yield* Stdio.Stdio
  if (!(yield* stderrIsTerminal)) return undefined
  const terminal = yield* Terminal.Terminal
  const began = yield* Clock.currentTimeMillis
  const clear = write(clearLine)
  const once = Effect.gen(function* () {
    const seconds = ((yield* Clock.currentTimeMillis) - began) / 1_000
    const columns = (yield* terminal.columns) || columnsDefault
    // The cursor goes back, so that what others write begins a line.
    yield* write(`${clearLine}${format(look(seconds), columns)}\r`)
  })
  yield* Effect.addFinalizer(() => clear)
  yield* Effect.forkScoped(Effect.forever(Effect.andThen(once, Effect.sleep("100 millis"))))
  return { clear }
})
