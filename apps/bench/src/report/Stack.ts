/** Where the time goes as SVG: a bar for each contestant, in parts, with the parts named below. */
import type { Metric } from "../Metric.ts"
import type { Result } from "../Report.ts"
import { columns, digits } from "./Columns.ts"
import { escaped } from "./Escape.ts"

/** In the order of the bar. */
const parts: ReadonlyArray<readonly [metric: Metric, family: string]> = [
  ["profile_portico", "portico"],
  ["profile_effect", "effect"],
  ["profile_program", "program"],
  ["profile_host", "host"],
  ["profile_collector", "collector"],
  ["profile_rest", "rest"]
]

const width = 960
const labelWidth = 134
const valueWidth = 60
const rowHeight = 24
const barHeight = 16
const titleHeight = 26
const legendHeight = 26
const legendStep = 130

type Parts = ReadonlyArray<{ readonly family: string; readonly median: number }>

const partsOf = (contestant: string, results: ReadonlyArray<Result>): Parts =>
  parts.map(([metric, family]) => ({
    family,
    median: results.find((it) => it.contestant === contestant && it.metric === metric)?.median ?? 0
  }))

const total = (of: Parts): number => of.reduce((sum, { median }) => sum + median, 0)

const bar = (name: string, of: Parts, index: number, most: number): string => {
  const length = width - labelWidth - valueWidth
  const top = titleHeight + index * rowHeight + (rowHeight - barHeight) / 2
  let x = labelWidth
  const segments = of.map(({ family, median }) => {
    const segment = (median / most) * length
    const rect = `<rect class="${family}" x="${x.toFixed(1)}" y="${top}" width="${Math.max(
      0,
      // A gap of one unit keeps neighbours apart.
      segment - 1
    ).toFixed(1)}" height="${barHeight}"><title>${family}: ${digits(median)} µs</title></rect>`
    x += segment
    return rect
  })
  return `<text class="name" x="${labelWidth - 8}" y="${top + 12}">${escaped(name)}</text>
${segments.join("\n")}
<text class="value" x="${(x + 8).toFixed(1)}" y="${top + 12}">${digits(total(of))}</text>`
}

const legend = (y: number): string =>
  parts
    .map(([metric, family], index) => {
      const x = labelWidth + index * legendStep
      const title = columns.find((it) => it.metric === metric)!.title.replace(" µs", "")
      return `<rect class="${family}" x="${x}" y="${y - 10}" width="10" height="10"/>
<text x="${x + 16}" y="${y}">${escaped(title)}</text>`
    })
    .join("\n")

/** Undefined where nothing was profiled. */
export const stack = (results: ReadonlyArray<Result>): string | undefined => {
  const profiled = results.filter(({ metric }) => parts.some(([part]) => part === metric))
  if (profiled.length === 0) return undefined
  const names = [...new Set(profiled.map(({ contestant }) => contestant))]
  const all = names.map((name) => partsOf(name, profiled))
  const most = Math.max(...all.map(total), Number.MIN_VALUE)
  const height = titleHeight + names.length * rowHeight + legendHeight
  const title = "CPU µs/op by whose function it was in"
  return `<svg class="stack" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
<text class="title" x="0" y="15">${title}</text>
${names.map((name, index) => bar(name, all[index]!, index, most)).join("\n")}
${legend(height - 6)}
</svg>`
}
