/** The form of every suite's result, on screen and as JSON. */
import type { Machine } from "./Machine.ts"
import {
  type Better,
  type Figure,
  type Measurements,
  type Metric,
  metrics,
  type Unit
} from "./Metric.ts"
import * as Statistics from "./Statistics.ts"
import type { Suite } from "./Suite.ts"
import type { Versions } from "./Versions.ts"

export interface Result extends Statistics.Summary {
  readonly case: string
  readonly contestant: string
  readonly metric: Metric
  readonly unit: Unit
  readonly better: Better
  /** Whether the median comes from a wait that was given up: the true one is not less. */
  readonly atLeast: boolean
  /**
   * The median of the rounds' ratios to `ratioTo`. A bound where one of the two figures is; null
   * where both are, where the other is 0 and where there is no other.
   */
  readonly ratio: number | null
  /** Half the range of the rounds' ratios; null where fewer than two have one. */
  readonly ratioSpread: number | null
  /** Null when that contestant gave no figure. */
  readonly ratioTo: string | null
}

/** Why a contestant gave no figure in a case, or only a bound. */
export interface Note {
  readonly case: string
  readonly contestant: string
  /** In how many of the rounds. */
  readonly rounds: number
  readonly note: string
}

export interface Report {
  readonly suite: string
  readonly versions: Versions
  readonly machine: Machine
  /** What to type to repeat it. */
  readonly command: string
  /** When it began, in UTC. */
  readonly startedAt: string
  readonly rounds: number
  /** Length of a timed window. */
  readonly seconds: number
  readonly baseline: string
  readonly summary: string
  /** Names and summaries of the cases, in order. */
  readonly cases: ReadonlyArray<{ readonly name: string; readonly summary: string }>
  /** Peers that were looked for and not found. */
  readonly absent: ReadonlyArray<string>
  readonly results: ReadonlyArray<Result>
  readonly notes: ReadonlyArray<Note>
}

/** What one turn gave. */
export interface Sample {
  readonly case: string
  readonly contestant: string
  readonly measurements: Measurements
}

// Six digits: more would be noise in a file that people compare.
const rounded = (value: number): number => Number(value.toPrecision(6))

const valueOf = (figure: Figure): number => (typeof figure === "number" ? figure : figure.atLeast)

/** One contestant's figures of one metric in the order of rounds, undefined where it gave none. */
type Figures = ReadonlyArray<Figure | undefined>

const values = (figures: Figures) =>
  figures.map((figure) => (figure === undefined ? undefined : valueOf(figure)))

const present = (figures: Figures) => values(figures).filter((value) => value !== undefined)

/** Whether the median is at or above the least bound: then it may be more. */
const isAtLeast = (figures: Figures): boolean => {
  const bounds = figures.flatMap((it) => (typeof it === "object" ? [it.atLeast] : []))
  return bounds.length > 0 && Statistics.median(present(figures)) >= Math.min(...bounds)
}

const ratioOf = (figures: Figures, base: Figures): Pick<Result, "ratio" | "ratioSpread"> => {
  const ratios = Statistics.ratios(values(figures), values(base))
  const isBound = isAtLeast(figures) && isAtLeast(base)
  if (isBound || ratios.length === 0) return { ratio: null, ratioSpread: null }
  const { max, median, min } = Statistics.summarise(ratios)
  const ratioSpread = ratios.length < 2 ? null : rounded((max - min) / 2)
  return { ratio: rounded(median), ratioSpread }
}

/** Results in the order of the suite. Samples are in the order of rounds. */
export const results = (suite: Suite, samples: ReadonlyArray<Sample>): ReadonlyArray<Result> => {
  const figuresOf = (name: string, contestant: string, metric: Metric): Figures =>
    samples.flatMap((sample) =>
      sample.case === name && sample.contestant === contestant ? [sample.measurements[metric]] : []
    )
  return suite.cases.flatMap((one) =>
    suite.contestants.flatMap((contestant) =>
      (Object.keys(metrics) as ReadonlyArray<Metric>).flatMap((metric): ReadonlyArray<Result> => {
        const figures = figuresOf(one.name, contestant.name, metric)
        if (present(figures).length === 0) return []
        const base = figuresOf(one.name, contestant.ratioTo, metric)
        const { max, median, min } = Statistics.summarise(present(figures))
        return [
          {
            case: one.name,
            contestant: contestant.name,
            metric,
            ...metrics[metric],
            median: rounded(median),
            min: rounded(min),
            max: rounded(max),
            atLeast: isAtLeast(figures),
            ...ratioOf(figures, base),
            ratioTo: present(base).length === 0 ? null : contestant.ratioTo
          }
        ]
      })
    )
  )
}

/** What the turns had to say, each sentence once, in the order of the suite. */
export const notes = (suite: Suite, samples: ReadonlyArray<Sample>): ReadonlyArray<Note> =>
  suite.cases.flatMap((one) =>
    suite.contestants.flatMap((contestant) => {
      const said = samples.flatMap(({ case: name, contestant: who, measurements: { note } }) =>
        name === one.name && who === contestant.name && note !== undefined ? [note] : []
      )
      return [...new Set(said)].map((note) => ({
        case: one.name,
        contestant: contestant.name,
        rounds: said.filter((it) => it === note).length,
        note
      }))
    })
  )
