/**
 * A program over the public API that tells what it sees in words that are the same everywhere:
 * counts, reasons and the order of things; no times, ports, paths or messages.
 */
import { type BackendLayer, IoError } from "@portico/core"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

export type Say = (line: string) => void

export interface Program {
  readonly name: string
  readonly run: (say: Say) => Effect.Effect<unknown, unknown, BackendLayer.Services | Scope.Scope>
  /** What it may come to where that is left open. Without it every world says the same. */
  readonly allowed?: ReadonlyArray<string> | undefined
}

/** Runs it; what it said, and how it ended unless it succeeded. */
export const traceOf = ({ run }: Program): Effect.Effect<string, never, BackendLayer.Services> => {
  const lines: Array<string> = []
  return Effect.scoped(run((line) => lines.push(line))).pipe(
    Effect.exit,
    Effect.map((exit) => {
      if (exit._tag === "Failure") lines.push(`failed: ${wordOf(exit.cause)}`)
      return lines.join("; ")
    })
  )
}

/** A cause in a word. */
export const wordOf = (cause: Cause.Cause<unknown>): string => {
  if (Cause.hasInterruptsOnly(cause)) return "interrupted"
  const error = Cause.squash(cause)
  if (error instanceof IoError.IoError) return error.reason._tag
  const { _tag } = Object(error) as { readonly _tag?: unknown }
  return typeof _tag === "string" ? _tag : `defect ${String(error)}`
}

/** Says how `effect` ended: the word of its failure, or what `show` makes of its result. */
export const tell = <A, E, R>(
  say: Say,
  name: string,
  effect: Effect.Effect<A, E, R>,
  show: (result: A) => string = () => "ok"
): Effect.Effect<void, never, R> =>
  Effect.exit(effect).pipe(
    Effect.map((exit) =>
      say(`${name}: ${exit._tag === "Success" ? show(exit.value) : wordOf(exit.cause)}`)
    )
  )
