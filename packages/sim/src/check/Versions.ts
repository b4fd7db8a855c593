/**
 * What reads tell of each list: the order in which its values were appended, and by whom. What
 * contradicts itself here needs no cycle to be wrong.
 */
import type { Anomaly } from "./Anomaly.ts"
import type { Step, Transaction } from "./Transaction.ts"

type Append = Extract<Step, { op: "append" }>
type Read = Extract<Step, { op: "read" }>

export interface KeyVersions {
  /** The longest list that was read. */
  readonly values: ReadonlyArray<number>
  readonly position: ReadonlyMap<number, number>
  /** Who appended a value. */
  readonly writer: ReadonlyMap<number, Transaction>
  /** Appends that are known to be done, and that nobody read. They come after the others. */
  readonly unread: ReadonlyArray<number>
}

export interface Versions {
  readonly keys: ReadonlyMap<string, KeyVersions>
  /** Those that took place: done, or unknown and seen by somebody. */
  readonly done: ReadonlyArray<Transaction>
  readonly anomalies: ReadonlyArray<Anomaly>
}

export const versionsOf = (transactions: ReadonlyArray<Transaction>): Versions => {
  const anomalies: Array<Anomaly> = []
  const writers = writersOf(transactions)
  const done = doneOf(transactions, writers)
  const longest = longestReads(done)
  for (const transaction of done) {
    findWrongOrders(transaction, longest, anomalies)
    findWrongReads(transaction, writers, anomalies)
  }
  const took = new Set(done)
  const keys = new Map<string, KeyVersions>()
  for (const [key, writer] of writers) {
    const values = longest.get(key) ?? []
    const position = new Map(values.map((value, at) => [value, at]))
    const unread = Array.from(writer).flatMap(([value, by]) =>
      took.has(by) && !position.has(value) ? value : []
    )
    keys.set(key, { values, position, writer, unread })
  }
  return { keys, done, anomalies }
}

// Of one that nobody saw the reads say nothing: it need not have taken place. Whom another saw that
// did is known to have, and so is whom that one saw.
const doneOf = (
  transactions: ReadonlyArray<Transaction>,
  writers: ReadonlyMap<string, ReadonlyMap<number, Transaction>>
): ReadonlyArray<Transaction> => {
  const seen = new Set<Transaction | undefined>()
  for (;;) {
    const done = transactions.filter((one) => {
      return one.outcome === "done" || (one.outcome === "unknown" && seen.has(one))
    })
    const before = seen.size
    for (const { key, values } of done.flatMap(externalReads)) {
      for (const value of values) seen.add(writers.get(key)!.get(value))
    }
    if (seen.size === before) return done
  }
}

/** Throws when a value is appended to a list twice: then nobody could say who wrote what. */
const writersOf = (transactions: ReadonlyArray<Transaction>) => {
  const writers = new Map<string, Map<number, Transaction>>()
  for (const transaction of transactions) {
    for (const { key, ...step } of transaction.steps) {
      const writer = writers.get(key) ?? new Map<number, Transaction>()
      writers.set(key, writer)
      if (step.op === "read") continue
      if (writer.has(step.value)) throw new Error(`Appended twice: ${step.value} to ${key}`)
      writer.set(step.value, transaction)
    }
  }
  return writers
}

const longestReads = (
  transactions: ReadonlyArray<Transaction>
): ReadonlyMap<string, ReadonlyArray<number>> => {
  const longest = new Map<string, ReadonlyArray<number>>()
  for (const { key, values } of transactions.flatMap(externalReads)) {
    if (values.length > (longest.get(key) ?? []).length) longest.set(key, values)
  }
  return longest
}

const findWrongOrders = (
  transaction: Transaction,
  longest: ReadonlyMap<string, ReadonlyArray<number>>,
  anomalies: Array<Anomaly>
): void => {
  for (const { by, key, values } of externalReads(transaction)) {
    const all = longest.get(key) ?? []
    if (values.every((value, at) => value === all[at])) continue
    anomalies.push({ kind: "incompatible order", key, transactions: [by], values })
  }
}

interface ExternalRead {
  readonly by: Transaction
  readonly key: string
  readonly values: ReadonlyArray<number>
}

/** What a transaction read of others: without what it had appended itself. */
export const externalReads = (by: Transaction): ReadonlyArray<ExternalRead> => {
  const own = new Map<string, number>()
  const reads: Array<ExternalRead> = []
  for (const step of by.steps) {
    const appended = own.get(step.key) ?? 0
    if (step.op === "append") own.set(step.key, appended + 1)
    else if (step.values !== undefined) {
      const values = step.values.slice(0, Math.max(0, step.values.length - appended))
      reads.push({ by, key: step.key, values })
    }
  }
  return reads
}

const findWrongReads = (
  by: Transaction,
  writers: ReadonlyMap<string, ReadonlyMap<number, Transaction>>,
  anomalies: Array<Anomaly>
): void => {
  const known = new Map<string, ReadonlyArray<number>>()
  const own = new Map<string, ReadonlyArray<number>>()
  for (const step of by.steps) {
    const { key } = step
    if (step.op === "append") {
      own.set(key, [...(own.get(key) ?? []), step.value])
      const before = known.get(key)
      if (before !== undefined) known.set(key, [...before, step.value])
    } else if (step.values !== undefined) {
      const { values } = step
      const report = (kind: Anomaly["kind"], others: ReadonlyArray<Transaction> = []) =>
        anomalies.push({ kind, key, transactions: [by, ...others], values })
      if (new Set(values).size < values.length) report("duplicate values")
      if (!isConsistent(values, known.get(key), own.get(key) ?? [])) report("internal")
      for (const [kind, writer] of wrongWriters(by, step, values, writers.get(key)!)) {
        report(kind, writer === undefined ? [] : [writer])
      }
      known.set(key, values)
    }
  }
}

// A transaction sees its own appends, and a list once.
const isConsistent = (
  values: ReadonlyArray<number>,
  known: ReadonlyArray<number> | undefined,
  own: ReadonlyArray<number>
): boolean => {
  if (known !== undefined) return String(values) === String(known)
  return String(values.slice(values.length - own.length)) === String(own)
}

const wrongWriters = (
  by: Transaction,
  { key }: Read,
  values: ReadonlyArray<number>,
  writer: ReadonlyMap<number, Transaction>
): ReadonlyArray<readonly [Anomaly["kind"], Transaction | undefined]> =>
  values.flatMap(
    (value, at): ReadonlyArray<readonly [Anomaly["kind"], Transaction | undefined]> => {
      const wrote = writer.get(value)
      if (wrote === undefined) return [["never written", undefined]]
      if (wrote === by) return []
      if (wrote.outcome === "failed") return [["G1a", wrote]]
      // It stopped in the middle of another's appends.
      const appends = wrote.steps.filter((step): step is Append => {
        return step.op === "append" && step.key === key
      })
      const isLast = appends.at(-1)?.value === value
      const next = values[at + 1]
      const goesOn = next !== undefined && appends.some((append) => append.value === next)
      return isLast || goesOn ? [] : [["G1b", wrote]]
    }
  )
