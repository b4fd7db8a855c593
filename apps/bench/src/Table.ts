/** A report for people: one table per case, one row per contestant. */
import type { Report } from "./Report.ts"
import { gridOf } from "./report/Grid.ts"
import * as Heading from "./report/Heading.ts"

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

export const render = (report: Report): string =>
  [
    `${report.suite}: ${Heading.reading(report)}`,
    ...report.cases.map((one) => {
      const { notes, rows, titles } = gridOf(report, one)
      const below = notes.map((note) => `  ${note}`)
      return [`${one.name}: ${one.summary}`, align([titles, ...rows]), ...below].join("\n")
    }),
    ...[Heading.absent(report)].filter((it) => it !== undefined),
    `${Heading.software(report)}\n${Heading.machine(report)}`
  ].join("\n\n")
