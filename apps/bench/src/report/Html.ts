/** The same figures as one page with plots that needs no network, light or dark as one likes. */
import type { Report } from "../Report.ts"
import { gridOf, resultsOf } from "./Grid.ts"
import * as Heading from "./Heading.ts"
import { escaped } from "./Escape.ts"
import { plotsOf } from "./Plot.ts"
import { stack } from "./Stack.ts"
import { style } from "./Style.ts"

const element = (name: string, text: string): string => `<${name}>${escaped(text)}</${name}>`

/** Backticks make code of what is between them, as in the other page. */
const paragraph = (text: string): string =>
  `<p>${escaped(text).replace(/`([^`]+)`/g, "<code>$1</code>")}</p>`

const table = (titles: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>) => {
  const head = titles.map((title) => element("th", title)).join("")
  const body = rows.map(
    ([name, ...cells]) =>
      `<tr>${element("th", name!)}${cells.map((cell) => element("td", cell)).join("")}</tr>`
  )
  return `<div class="wide"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${body.join("\n")}
</tbody>
</table></div>`
}

const figure = (report: Report, one: Report["cases"][number]): string => {
  const { notes, rows, titles } = gridOf(report, one)
  const profiled = stack(resultsOf(report, one))
  const said = notes.map((note) => element("li", note)).join("\n")
  return `<section>
${element("h3", `${report.suite}: ${one.name}`)}
${paragraph(one.summary)}
<div class="plots">
${(profiled === undefined ? plotsOf(report, one) : [profiled]).join("\n")}
</div>
<details><summary>All figures</summary>
${table(titles, rows)}
</details>
${said === "" ? "" : `<ul>\n${said}\n</ul>`}
</section>`
}

const section = (report: Report): string => {
  const absent = Heading.absent(report)
  return `<article id="${report.suite}">
${element("h2", report.suite)}
${paragraph(`${report.summary}: ${Heading.reading(report)}.`)}
<pre>${escaped(report.command)}</pre>
${report.cases.map((one) => figure(report, one)).join("\n")}
${absent === undefined ? "" : paragraph(absent)}
<p class="small">${escaped(
    `${report.startedAt}. ${Heading.software(report)}. ${Heading.machine(report)}.`
  )}</p>
</article>`
}

const links = (reports: ReadonlyArray<Report>): string =>
  reports.map(({ suite }) => `<a href="#${suite}">${escaped(suite)}</a>`).join("\n")

export const render = (reports: ReadonlyArray<Report>): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Portico: performance</title>
<style>
${style}
</style>
</head>
<body>
<h1>Performance</h1>
<p>A bar ends at the median of the rounds; its whisker goes from the least to the most of them.
What follows × is the ratio to the baseline, taken within each round. Figures of
<code>apps/bench</code>, made by <code>pnpm bench report</code> and not edited.</p>
<p class="legend"><span class="portico">Portico</span> <span class="effect">Effect</span>
<span class="host">the host and other peers</span></p>
<nav>
${links(reports)}
</nav>
${reports.map(section).join("\n")}
</body>
</html>
`
