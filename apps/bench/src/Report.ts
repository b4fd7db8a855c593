/** The form of every suite's result, on screen and as JSON. */
import type { Machine } from "./Machine.ts"
import { type Measurements, type Metric, type Unit, units } from "./Metric.ts"
import * as Statistics from "./Statistics.ts"
import type { Suite } from "./Suite.ts"
import type { Versions } from "./Versions.ts"

export interface Result extends Statistics.Summary {
  readonly case: string
  readonly contestant: string
  readonly metric: Metric
  readonly unit: Unit
  /** The median of the rounds' ratios to `ratioTo`; both are null when that one took no part. */
  readonly ratio: number | null
  readonly ratioTo: string | null
}

export interface Report {
  readonly suite: string
  readonly versions: Versions
  readonly machine: Machine
  readonly rounds: number
  readonly results: ReadonlyArray<Result>
}

/** What one turn gave. */
export interface Sample {
  readonly case: string
  readonly contestant: string
  readonly measurements: Measurements
}

// Six digits: more would be noise in a file that people compare.
const rounded = (value: number): number => Number(value.toPrecision(6))

/** Results in the order of the suite. Samples are in the order of rounds. */
export const results = (suite: Suite, samples: ReadonlyArray<Sample>): ReadonlyArray<Result> => {
  const valuesOf = (name: string, contestant: string, metric: Metric) =>
    samples.flatMap((sample) => {
      if (sample.case !== name || sample.contestant !== contestant) return []
      const value = sample.measurements[metric]
      return value === undefined ? [] : [value]
    })
  const metrics = Object.keys(units) as ReadonlyArray<Metric>
  return suite.cases.flatMap((one) =>
    suite.contestants.flatMap((contestant) =>
      metrics.flatMap((metric): ReadonlyArray<Result> => {
        const values = valuesOf(one.name, contestant.name, metric)
        if (values.length === 0) return []
        const base = valuesOf(one.name, contestant.ratioTo, metric)
        const { max, median, min } = Statistics.summarise(values)
        return [
          {
            case: one.name,
            contestant: contestant.name,
            metric,
            unit: units[metric],
            median: rounded(median),
            min: rounded(min),
            max: rounded(max),
            ratio: base.length === 0 ? null : rounded(Statistics.ratio(values, base)),
            ratioTo: base.length === 0 ? null : contestant.ratioTo
          }
        ]
      })
    )
  )
}
