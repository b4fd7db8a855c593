/** One case as a table, in words: who played, what was measured, and what is to be said of it. */
import { type Metric, metrics } from "../Metric.ts"
import type { Report, Result } from "../Report.ts"
import { arrow, cell, type Column, columns } from "./Columns.ts"

export interface Grid {
  readonly columns: ReadonlyArray<Column>
  /** The first is empty: it stands above the names. */
  readonly titles: ReadonlyArray<string>
  /** A name and its cells. */
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
  readonly notes: ReadonlyArray<string>
}

type Case = Report["cases"][number]

export const resultsOf = (report: Report, one: Case): ReadonlyArray<Result> =>
  report.results.filter((result) => result.case === one.name)

/** Contestants that have a figure or a note, in the order of the suite. */
const players = (report: Report, one: Case): ReadonlyArray<string> => {
  const inCase = (it: { readonly case: string }) => it.case === one.name
  const all = [...report.results, ...report.notes].filter(inCase)
  return [...new Set(all.map(({ contestant }) => contestant))]
}

export const gridOf = (report: Report, one: Case): Grid => {
  const results = resultsOf(report, one)
  const of = (name: string | null | undefined, metric: Metric) =>
    results.find((it) => it.contestant === name && it.metric === metric)
  const present = columns.filter(({ metric }) => results.some((it) => it.metric === metric))
  const rows = players(report, one).map((name) => [
    name,
    ...present.map((column) => {
      const result = of(name, column.metric)
      return cell(column, result, of(result?.ratioTo, column.metric))
    })
  ])
  const notes = report.notes
    .filter((it) => it.case === one.name)
    .map(({ contestant, note, rounds }) => `${contestant}, ${rounds} of ${report.rounds}: ${note}`)
  const titles = ["", ...present.map(({ metric, title }) => title + arrow(metrics[metric].better))]
  return { columns: present, titles, rows, notes }
}
