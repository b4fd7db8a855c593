/** Horizontal bars as SVG: a bar to the median, a whisker from the least to the most. */
import { type Metric, metrics } from "../Metric.ts"
import type { Report, Result } from "../Report.ts"
import { columns, ratioText } from "./Columns.ts"
import { escaped } from "./Escape.ts"
import { resultsOf } from "./Grid.ts"

/** Of each case the first of these that it has are drawn, not more than `plotsMax`. */
const drawn: ReadonlyArray<Metric> = [
  "cpu_per_op",
  "cpu_time",
  "bytes_per_connection",
  "bytes_per_active_connection",
  "busy_when_full",
  "latency_p99",
  "timer_late_p99",
  "syscalls_per_op",
  "context_switches_per_op",
  "time_to_finish",
  "time_to_resume",
  "ops_per_second",
  "timer_ticks",
  "late_max"
]

const plotsMax = 4

const width = 460
const labelWidth = 134
const valueWidth = 136
const rowHeight = 22
const barHeight = 12
const titleHeight = 26

/** Colour tells whose it is; the name beside the bar tells it too. */
const familyOf = (contestant: string): string =>
  contestant.startsWith("portico") ? "portico" : contestant.startsWith("effect") ? "effect" : "host"

const bar = (result: Result, index: number, most: number, show: (value: number) => string) => {
  const length = width - labelWidth - valueWidth
  const x = (value: number) => (labelWidth + (value / most) * length).toFixed(1)
  const middle = titleHeight + index * rowHeight + rowHeight / 2
  const { contestant, max, median, min } = result
  const isBase = result.ratio === null || result.contestant === result.ratioTo
  const ratio = isBase ? "" : ` ×${ratioText(result.ratio!)}`
  const value = `${result.atLeast ? "≥" : ""}${show(median)}${ratio}`
  const barWidth = Math.max(1, Number(x(median)) - labelWidth).toFixed(1)
  return `<g class="${familyOf(contestant)}">
<title>${escaped(contestant)}: ${show(median)}, from ${show(min)} to ${show(max)}</title>
<text class="name" x="${labelWidth - 8}" y="${middle + 4}">${escaped(contestant)}</text>
<rect x="${labelWidth}" y="${middle - barHeight / 2}" width="${barWidth}" height="${barHeight}"/>
<path class="whisker" d="M${x(min)} ${middle}H${x(max)}M${x(min)} ${middle - 4}v8M${x(max)} ${
    middle - 4
  }v8"/>
<text class="value" x="${width - valueWidth + 10}" y="${middle + 4}">${value}</text>
</g>`
}

const plot = (metric: Metric, results: ReadonlyArray<Result>): string => {
  const column = columns.find((it) => it.metric === metric)!
  const { better } = metrics[metric]
  const most = Math.max(...results.map(({ max }) => max), Number.MIN_VALUE)
  const height = titleHeight + results.length * rowHeight + 4
  const direction = better === null ? "" : `, ${better} is better`
  const title = `${column.title}${direction}`
  const bars = results.map((result, index) => bar(result, index, most, column.show))
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
<text class="title" x="0" y="15">${escaped(title)}</text>
${bars.join("\n")}
<path class="axis" d="M${labelWidth} ${titleHeight}V${height - 4}"/>
</svg>`
}

export const plotsOf = (report: Report, one: Report["cases"][number]): ReadonlyArray<string> => {
  const results = resultsOf(report, one)
  const of = (metric: Metric) => results.filter((it) => it.metric === metric)
  return drawn
    .filter((metric) => of(metric).length > 0)
    .slice(0, plotsMax)
    .map((metric) => plot(metric, of(metric)))
}
