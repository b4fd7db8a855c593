/** A report for people: one table per case, one row per contestant. */
import type { Metric } from "./Metric.ts"
import type { Report, Result } from "./Report.ts"
import type { Suite } from "./Suite.ts"

interface Column {
  readonly metric: Metric
  readonly title: string
  readonly show: (value: number) => string
  /** Whether a ratio to the raw host says something. */
  readonly compared: boolean
}

const digits = (value: number) => value.toPrecision(3)
const whole = (value: number) => Math.round(value).toLocaleString("en")
const mebibytes = (value: number) => whole(value / 2 ** 20)

const columns: ReadonlyArray<Column> = [
  { metric: "cpu_per_op", title: "CPU µs/op", show: digits, compared: true },
  { metric: "cpu_user_per_op", title: "user", show: digits, compared: false },
  { metric: "cpu_system_per_op", title: "system", show: digits, compared: false },
  { metric: "ops_per_second", title: "ops/s", show: whole, compared: true },
  { metric: "latency_p50", title: "p50 ms", show: digits, compared: true },
  { metric: "latency_p99", title: "p99 ms", show: digits, compared: true },
  { metric: "bytes_per_connection", title: "bytes/connection", show: whole, compared: true },
  { metric: "resident_bytes", title: "RSS MiB", show: mebibytes, compared: false },
  { metric: "generator_busy", title: "generator busy", show: digits, compared: false }
]

/** Half the range, as a share of the median: how far to trust the figure. */
const spread = ({ max, median, min }: Result): string =>
  `±${Math.round(((max - min) / 2 / median) * 100)}%`

const cell = (column: Column, result: Result | undefined): string => {
  if (result === undefined) return ""
  const value = column.show(result.median)
  if (!column.compared) return value
  const ratio = result.ratio === null ? "" : ` ×${result.ratio.toFixed(2)}`
  return `${value} ${spread(result)}${ratio}`
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

export const render = (suite: Suite, report: Report): string => {
  const { machine, versions } = report
  const tables = suite.cases.map((one) => {
    const results = report.results.filter((result) => result.case === one.name)
    const present = columns.filter(({ metric }) => results.some((it) => it.metric === metric))
    const rows = suite.contestants.map(({ name }) => [
      name,
      ...present.map((column) =>
        cell(
          column,
          results.find((it) => it.contestant === name && it.metric === column.metric)
        )
      )
    ])
    const titles = ["", ...present.map(({ title }) => title)]
    return `${one.name}: ${one.summary}\n${align([titles, ...rows])}`
  })
  const versionList = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [
    `${suite.name}: medians of ${report.rounds} rounds, ± half the range, × the raw host`,
    ...tables,
    `${versionList.join(", ")}\n${machine.processor}, ${machine.cores} cores, ` +
      `${machine.platform} ${machine.kernel}, ${machine.pinned ? "a core each" : "not pinned"}, ` +
      `load ${machine.loadBefore.toFixed(2)} before the run`
  ].join("\n\n")
}
