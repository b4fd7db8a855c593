/** Text in aligned columns. */
export interface Column {
  readonly title: string
  /** Text aligns at its start, numbers at their end. Default `start`. */
  readonly align?: "start" | "end"
}

const gap = "  "

/**
 * One line for the titles and one for each row. A row shorter than the columns puts its last cell,
 * unaligned, over the columns that are left.
 */
export const render = (
  columns: ReadonlyArray<Column>,
  rows: ReadonlyArray<ReadonlyArray<string>>
): ReadonlyArray<string> => {
  const full = rows.filter((row) => row.length === columns.length)
  const partial = rows.filter((row) => row.length < columns.length)
  const widths = columns.map(({ title }, index) =>
    Math.max(
      title.length,
      ...full.map((row) => row[index]!.length),
      ...partial.filter((row) => index < row.length - 1).map((row) => row[index]!.length)
    )
  )
  const line = (cells: ReadonlyArray<string>): string =>
    cells
      .map((cell, index) => {
        if (cells.length < columns.length && index === cells.length - 1) return cell
        return columns[index]!.align === "end"
          ? cell.padStart(widths[index]!)
          : cell.padEnd(widths[index]!)
      })
      .join(gap)
      .trimEnd()
  return [columns.map(({ title }) => title), ...rows].map(line)
}
