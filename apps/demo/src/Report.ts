/**
 * What the demo prints: one row for every trial, and a verdict.
 */
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import type { Outcome } from "./Measurement.ts"
import type { Trial } from "./Trial.ts"
import { type Column, render } from "./Table.ts"

/** One app in one world, and how it went. */
export interface Result extends Omit<Trial<never>, "run"> {
  readonly exit: Exit.Exit<Outcome, unknown>
}

const columns: ReadonlyArray<Column> = [
  { title: "app" },
  { title: "world" },
  { title: "connections", align: "end" },
  { title: "messages", align: "end" },
  { title: "verified", align: "end" },
  { title: "throughput", align: "end" },
  { title: "p50", align: "end" },
  { title: "p99", align: "end" },
  { title: "handles left", align: "end" }
]

const MiB = 1024 * 1024
const count = (value: number) => value.toLocaleString("en-US")
const millis = (value: number) => `${value.toFixed(2)} ms`

const throughput = ({ bytesVerified, seconds }: Outcome) =>
  `${(bytesVerified / MiB / seconds).toFixed(0)} MiB/s`

const cells = ({ app, exit, isVirtual, world }: Result): ReadonlyArray<string> => {
  if (Exit.isFailure(exit)) {
    return [app, world, `FAILED: ${Cause.pretty(exit.cause).split("\n")[0]}`]
  }
  const outcome = exit.value
  return [
    app,
    world,
    count(outcome.connections),
    count(outcome.messages),
    `${(outcome.bytesVerified / MiB).toFixed(1)} MiB`,
    isVirtual ? "virtual" : throughput(outcome),
    millis(outcome.latencyMillis.p50),
    millis(outcome.latencyMillis.p99),
    count(outcome.handlesLeft.client + outcome.handlesLeft.server)
  ]
}

/** Every byte came back, and nothing was left open. */
export const isGood = ({ exit }: Result): boolean =>
  Exit.isSuccess(exit) && exit.value.handlesLeft.client === 0 && exit.value.handlesLeft.server === 0

/** One sentence about all of it. */
export const verdict = (results: ReadonlyArray<Result>): string => {
  const failures = results.filter((result) => !isGood(result)).length
  return failures === 0
    ? `All ${results.length} good: every byte came back, and no handle was left open.`
    : `${failures} of ${results.length} failed.`
}

const paint = (code: number, line: string) => `\u001B[${code}m${line}\u001B[0m`
const bold = 1
const red = 31

/** Lines of at most `columnsMax` characters, with colour when asked for. */
export const lines = (
  results: ReadonlyArray<Result>,
  options: { readonly columnsMax: number; readonly isColoured: boolean }
): ReadonlyArray<string> =>
  render(columns, results.map(cells)).map((full, index) => {
    const line = full.slice(0, options.columnsMax)
    if (!options.isColoured) return line
    if (index === 0) return paint(bold, line)
    return isGood(results[index - 1]!) ? line : paint(red, line)
  })
