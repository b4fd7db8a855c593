/** A report for people: one table per case, one row per contestant. */
import { type Better, type Metric, metrics } from "./Metric.ts"
import type { Report, Result } from "./Report.ts"
import type { Case, Suite } from "./Suite.ts"

interface Column {
  readonly metric: Metric
  readonly title: string
  readonly show: (value: number) => string
  /** Whether a ratio to the baseline says something. */
  readonly compared: boolean
}

const whole = (value: number) => Math.round(value).toLocaleString("en")
const digits = (value: number) => (value >= 1_000 ? whole(value) : value.toPrecision(3))
const percent = (value: number) => `${(value * 100).toFixed(1)}%`
const mebibytes = (value: number) => whole(value / 2 ** 20)

const columns: ReadonlyArray<Column> = [
  { metric: "cpu_per_op", title: "CPU µs/op", show: digits, compared: true },
  { metric: "cpu_user_per_op", title: "user", show: digits, compared: false },
  { metric: "cpu_system_per_op", title: "system", show: digits, compared: false },
  { metric: "ops_per_cpu_second", title: "ops/CPU s", show: whole, compared: true },
  { metric: "ops_per_second", title: "ops/s", show: whole, compared: true },
  { metric: "latency_p50", title: "p50 ms", show: digits, compared: true },
  { metric: "latency_p99", title: "p99 ms", show: digits, compared: true },
  { metric: "timer_late_p99", title: "timer late p99 ms", show: digits, compared: true },
  { metric: "timer_ticks", title: "ticks/s", show: whole, compared: true },
  { metric: "time_to_finish", title: "time ms", show: digits, compared: true },
  { metric: "cpu_time", title: "CPU ms", show: digits, compared: true },
  { metric: "late_max", title: "latest ms", show: digits, compared: true },
  { metric: "bytes_per_connection", title: "bytes/connection", show: whole, compared: true },
  { metric: "resident_bytes", title: "RSS MiB", show: mebibytes, compared: false },
  { metric: "resident_peak_bytes", title: "peak RSS MiB", show: mebibytes, compared: true },
  { metric: "lost_share", title: "lost", show: percent, compared: false },
  { metric: "generator_busy", title: "generator busy", show: digits, compared: false }
]

const arrow = (better: Better): string => (better === null ? "" : better === "lower" ? " ↓" : " ↑")

/** Half the range, as a share of the median: how far to trust the figure. */
const spread = ({ max, median, min }: Result): string =>
  median === 0 ? "" : ` ±${Math.round(((max - min) / 2 / median) * 100)}%`

/** A bound on the figure bounds the ratio the same way, one on the baseline the other way. */
const times = (result: Result, base: Result | undefined): string => {
  if (result.ratio === null) return ""
  const sign = result.atLeast ? "≥" : base?.atLeast === true ? "≤" : ""
  const ratio = result.ratio < 0.1 ? result.ratio.toPrecision(2) : result.ratio.toFixed(2)
  return ` ×${sign}${ratio}`
}

const cell = (column: Column, result: Result | undefined, base: Result | undefined): string => {
  if (result === undefined) return "–"
  const value = `${result.atLeast ? "≥" : ""}${column.show(result.median)}`
  return column.compared ? `${value}${spread(result)}${times(result, base)}` : value
}

/** Cells padded to the widest of their column: the first to the left, the others to the right. */
const align = (rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = rows[0]!.map((_, index) => Math.max(...rows.map((row) => row[index]!.length)))
  return rows
    .map((row) =>
      row
        .map((text, index) =>
          index === 0 ? text.padEnd(widths[index]!) : text.padStart(widths[index]!)
        )
        .join("   ")
    )
    .join("\n")
}

const table = (suite: Suite, one: Case, report: Report): string => {
  const results = report.results.filter((result) => result.case === one.name)
  const of = (name: string | null | undefined, metric: Metric) =>
    results.find((it) => it.contestant === name && it.metric === metric)
  const present = columns.filter(({ metric }) => results.some((it) => it.metric === metric))
  const rows = suite.contestants.map(({ name }) => [
    name,
    ...present.map((column) => {
      const result = of(name, column.metric)
      return cell(column, result, of(result?.ratioTo, column.metric))
    })
  ])
  const titles = ["", ...present.map(({ metric, title }) => title + arrow(metrics[metric].better))]
  const notes = report.notes
    .filter((it) => it.case === one.name)
    .map(
      ({ contestant, note, rounds }) => `  ${contestant}, ${rounds} of ${report.rounds}: ${note}`
    )
  return [`${one.name}: ${one.summary}`, align([titles, ...rows]), ...notes].join("\n")
}

export const render = (suite: Suite, report: Report): string => {
  const { machine, versions } = report
  const versionList = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [
    `${suite.name}: medians of ${report.rounds} rounds, ± half the range, × ${suite.baseline}; ` +
      "↓ lower is better, ↑ higher",
    ...suite.cases.map((one) => table(suite, one, report)),
    `${versionList.join(", ")}\n${machine.processor}, ${machine.cores} cores, ` +
      `${machine.platform} ${machine.kernel}, ${machine.pinned ? "a core each" : "not pinned"}, ` +
      `load ${machine.loadBefore.toFixed(2)} before the run`
  ].join("\n\n")
}
