/** The page `docs/reference/performance.md`: every figure of the reports, and no other. */
import type { Report } from "../Report.ts"
import { gridOf } from "./Grid.ts"
import * as Heading from "./Heading.ts"

const columnsMax = 100

/** Words in lines of at most so many columns, as prose is kept. */
const wrapped = (text: string, max = columnsMax): string => {
  const lines: Array<string> = []
  let line = ""
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > max) {
      lines.push(line)
      line = word
    } else {
      line = line === "" ? word : `${line} ${word}`
    }
  }
  return [...lines, line].join("\n")
}

/** The same for a shell. */
const commandLines = (command: string): string =>
  wrapped(command, columnsMax - 4).replaceAll("\n", " \\\n  ")

// A bar would begin a cell, an angle bracket a tag, an asterisk or two underscores a stress.
const plain = (text: string): string => text.replace(/[|<>*_[\]]/g, (sign) => `\\${sign}`)

const row = (cells: ReadonlyArray<string>): string => `| ${cells.map(plain).join(" | ")} |`

const table = (report: Report, one: Report["cases"][number]): string => {
  const { notes, rows, titles } = gridOf(report, one)
  const rule = titles.map((_, index) => (index === 0 ? "---" : "---:"))
  const parts = [
    `### ${report.suite}: ${one.name}`,
    wrapped(plain(`${one.summary.replace(/^./, (first) => first.toUpperCase())}.`)),
    [row(titles), `| ${rule.join(" | ")} |`, ...rows.map(row)].join("\n"),
    ...(notes.length === 0 ? [] : [notes.map((it) => wrapped(`- ${plain(it)}`)).join("\n")])
  ]
  return parts.join("\n\n")
}

const section = (report: Report): string =>
  [
    `## ${report.suite}`,
    wrapped(plain(`${report.summary}: ${Heading.reading(report)}.`)),
    `\`\`\`\n${commandLines(report.command)}\n\`\`\``,
    ...report.cases.map((one) => table(report, one)),
    ...[Heading.absent(report)].flatMap((it) => (it === undefined ? [] : [wrapped(plain(it))])),
    wrapped(plain(`${report.startedAt}. ${Heading.software(report)}. ${Heading.machine(report)}.`))
  ].join("\n\n")

const opening = `# Performance

Figures of \`apps/bench\`, made by \`pnpm bench report\` from the reports of a run and not edited.
The same with plots: [performance.html](performance.html). How each is taken:
[apps/bench/README.md](../../apps/bench/README.md). What they mean and where the time goes:
[explanation/performance.md](../explanation/performance.md).

Within a round the contestants take turns, and a ratio is taken within each round: ratios hold,
absolute times belong to one machine and one afternoon. CPU is user and system time of the process
under test, from the operating system; \`calls\` are system calls, counted by \`strace\` in a
window of their own.`

export const render = (reports: ReadonlyArray<Report>): string =>
  `${[opening, ...reports.map(section)].join("\n\n")}\n`
