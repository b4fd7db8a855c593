/**
 * Whether transactions over lists could have run one at a time, in about linear time: each read
 * shows the order of appends, so what has to come before what is known, and must have no circle
 * (Kingsbury and Alvaro, *Elle*, 2020).
 *
 * Lists that nobody read to their end hide some dependencies: read all at the end of a test.
 */
import { type Anomaly, formatAnomaly } from "./Anomaly.ts"
import { cyclesOf } from "./Cycles.ts"
import { graphOf } from "./DependencyGraph.ts"
import type { Transaction } from "./Transaction.ts"
import { versionsOf } from "./Versions.ts"

export { type Anomaly, type AnomalyKind, type Dependency, formatAnomaly } from "./Anomaly.ts"
export type { Step, Transaction } from "./Transaction.ts"

export interface SerializabilityOptions {
  /** Also whoever returned comes before whoever is called later (strict). Default false. */
  readonly realTime?: boolean | undefined
}

/**
 * Everything that no serial order can show; none for a history without fault. Of circles that share
 * transactions, the worst. Throws when a value is appended to one list twice: then nothing can be
 * told.
 */
export const anomaliesOf = (
  transactions: ReadonlyArray<Transaction>,
  { realTime = false }: SerializabilityOptions = {}
): ReadonlyArray<Anomaly> => {
  const versions = versionsOf(transactions)
  // Without one order of each list the graph would be a guess.
  if (versions.anomalies.some(({ kind }) => kind === "incompatible order")) {
    return versions.anomalies
  }
  const cycles = cyclesOf(graphOf(versions, realTime)).map(({ dependencies, kind, members }) => ({
    kind,
    dependencies,
    transactions: members.map((number) => versions.done[number]!)
  }))
  return [...versions.anomalies, ...cycles]
}

/** Throws an error that tells of each anomaly, if there is any. */
export const assertSerializable = (
  transactions: ReadonlyArray<Transaction>,
  options: SerializabilityOptions = {}
): void => {
  const anomalies = anomaliesOf(transactions, options)
  if (anomalies.length > 0) {
    throw new Error(["Not serializable", ...anomalies.map(formatAnomaly)].join("\n"))
  }
}
