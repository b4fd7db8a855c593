/** How each metric is shown: title, digits, spread and ratio. */
import type { Better, Metric } from "../Metric.ts"
import type { Result } from "../Report.ts"

export interface Column {
  readonly metric: Metric
  readonly title: string
  readonly show: (value: number) => string
  /** Whether a ratio to the baseline says something. */
  readonly compared: boolean
}

const whole = (value: number) => Math.round(value).toLocaleString("en")
export const digits = (value: number) => (value >= 1_000 ? whole(value) : value.toPrecision(3))
const ratio = (value: number) => value.toFixed(3)
const percent = (value: number) => `${(value * 100).toFixed(1)}%`
const mebibytes = (value: number) => whole(value / 2 ** 20)

export const columns: ReadonlyArray<Column> = [
  { metric: "cpu_per_op", title: "CPU µs/op", show: digits, compared: true },
  { metric: "cpu_per_op_quiet", title: "quiet CPU µs/op", show: digits, compared: true },
  { metric: "cpu_to_rival", title: "to the rival", show: ratio, compared: false },
  { metric: "measuring_to_list", title: "measuring/list", show: ratio, compared: false },
  { metric: "measuring_to_nothing", title: "measuring/nothing", show: ratio, compared: false },
  { metric: "list_to_nothing", title: "list/nothing", show: ratio, compared: false },
  { metric: "cpu_user_per_op", title: "user", show: digits, compared: false },
  { metric: "cpu_system_per_op", title: "system", show: digits, compared: false },
  { metric: "ops_per_cpu_second", title: "ops/CPU s", show: whole, compared: true },
  { metric: "syscalls_per_op", title: "calls/op", show: digits, compared: true },
  { metric: "context_switches_per_op", title: "switches/op", show: digits, compared: true },
  { metric: "ops_per_second", title: "ops/s", show: whole, compared: true },
  { metric: "latency_p50", title: "p50 ms", show: digits, compared: true },
  { metric: "latency_p99", title: "p99 ms", show: digits, compared: true },
  { metric: "timer_late_p99", title: "timer late p99 ms", show: digits, compared: true },
  { metric: "timer_ticks", title: "ticks/s", show: whole, compared: true },
  { metric: "time_to_finish", title: "time ms", show: digits, compared: true },
  { metric: "cpu_time", title: "CPU ms", show: digits, compared: true },
  { metric: "late_max", title: "latest ms", show: digits, compared: true },
  { metric: "bytes_per_connection", title: "bytes/connection", show: whole, compared: true },
  {
    metric: "bytes_per_active_connection",
    title: "bytes/active",
    show: whole,
    compared: true
  },
  { metric: "greedy_ops_per_second", title: "greedy ops/s", show: whole, compared: false },
  { metric: "clients_served", title: "served", show: whole, compared: false },
  { metric: "busy_when_full", title: "busy when full", show: digits, compared: false },
  { metric: "time_to_resume", title: "resumes ms", show: digits, compared: true },
  { metric: "resident_bytes", title: "RSS MiB", show: mebibytes, compared: false },
  { metric: "resident_peak_bytes", title: "peak RSS MiB", show: mebibytes, compared: true },
  { metric: "lost_share", title: "lost", show: percent, compared: false },
  { metric: "profile_portico", title: "Portico µs", show: digits, compared: false },
  { metric: "profile_effect", title: "Effect µs", show: digits, compared: false },
  { metric: "profile_program", title: "program µs", show: digits, compared: false },
  { metric: "profile_host", title: "host µs", show: digits, compared: false },
  { metric: "profile_collector", title: "collector µs", show: digits, compared: false },
  { metric: "profile_rest", title: "rest µs", show: digits, compared: false },
  { metric: "generator_busy", title: "generator busy", show: digits, compared: false }
]

export const arrow = (better: Better): string =>
  better === null ? "" : better === "lower" ? " ↓" : " ↑"

/** Half the range, as a share of the median: how far to trust the figure. */
const spread = ({ max, median, min }: Result): string =>
  median === 0 ? "" : ` ±${Math.round(((max - min) / 2 / median) * 100)}%`

export const ratioText = (ratio: number): string =>
  ratio >= 100 ? whole(ratio) : ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(2)

/** A bound on the figure bounds the ratio the same way, one on the baseline the other way. */
const times = (result: Result, base: Result | undefined): string => {
  if (result.ratio === null) return ""
  const sign = result.atLeast ? "≥" : base?.atLeast === true ? "≤" : ""
  // The baseline's own ratio is 1 in every round.
  const spread = result.contestant === result.ratioTo ? null : (result.ratioSpread ?? null)
  return ` ×${sign}${ratioText(result.ratio)}${spread === null ? "" : ` ±${spread.toFixed(2)}`}`
}

export const cell = (
  column: Column,
  result: Result | undefined,
  base: Result | undefined
): string => {
  if (result === undefined) return "–"
  const value = `${result.atLeast ? "≥" : ""}${column.show(result.median)}`
  return column.compared ? `${value}${spread(result)}${times(result, base)}` : value
}
