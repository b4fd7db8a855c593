/** Which transaction has to come before which, and why: a graph of transactions by number. */
import type { Dependency } from "./Anomaly.ts"
import type { Transaction } from "./Transaction.ts"
import { externalReads, type KeyVersions, type Versions } from "./Versions.ts"

export interface Edge {
  readonly to: number
  readonly why: Dependency
}

export type Graph = ReadonlyArray<ReadonlyArray<Edge>>

/** Over `versions.done`. With `realTime`, who returned before another was called comes first. */
export const graphOf = (versions: Versions, realTime: boolean): Graph => {
  const { done, keys } = versions
  const numbers = new Map(done.map((transaction, number) => [transaction, number]))
  const edges = done.map(() => new Map<string, Edge>())
  const add = (from: Transaction | undefined, to: Transaction | undefined, why: Dependency) => {
    const [a, b] = [numbers.get(from!), numbers.get(to!)]
    if (a !== undefined && b !== undefined && a !== b) edges[a]!.set(`${b} ${why}`, { to: b, why })
  }
  for (const key of keys.values()) addWrites(key, add)
  for (const transaction of done) {
    for (const { key, values } of externalReads(transaction)) {
      const versionsOfKey = keys.get(key)!
      add(versionsOfKey.writer.get(values.at(-1)!), transaction, "wr")
      for (const next of nextWriters(versionsOfKey, values)) add(transaction, next, "rw")
    }
  }
  if (realTime) addTimes(done, add)
  return edges.map((out) => Array.from(out.values()))
}

type Add = (from: Transaction | undefined, to: Transaction | undefined, why: Dependency) => void

const addWrites = ({ unread, values, writer }: KeyVersions, add: Add): void => {
  values.forEach((value, at) => add(writer.get(values[at - 1]!), writer.get(value), "ww"))
  for (const value of unread) add(writer.get(values.at(-1)!), writer.get(value), "ww")
}

// Whoever appended what a reader of `values` did not see: the next one, or all that nobody saw.
const nextWriters = (
  { position, unread, values: all, writer }: KeyVersions,
  values: ReadonlyArray<number>
): ReadonlyArray<Transaction | undefined> => {
  const last = values.at(-1)
  const next = last === undefined ? 0 : (position.get(last) ?? all.length) + 1
  if (next < all.length) return [writer.get(all[next]!)]
  return unread.map((value) => writer.get(value))
}

// Only the latest that had returned: the others come before those.
const addTimes = (done: ReadonlyArray<Transaction>, add: Add): void => {
  const events = done.flatMap((transaction) => [
    { at: transaction.called ?? -Infinity, isCall: true, transaction },
    {
      at: transaction.outcome === "done" ? (transaction.returned ?? Infinity) : Infinity,
      isCall: false,
      transaction
    }
  ])
  events.sort((left, right) => (left.at === right.at ? 0 : left.at - right.at))
  let frontier = new Set<Transaction>()
  const before = new Map<Transaction, ReadonlySet<Transaction>>()
  for (const { at, isCall, transaction } of events) {
    if (at === Infinity) break
    if (isCall) {
      before.set(transaction, new Set(frontier))
      for (const earlier of frontier) add(earlier, transaction, "time")
    } else {
      const known = before.get(transaction)
      frontier = new Set([...frontier].filter((earlier) => known?.has(earlier) !== true))
      frontier.add(transaction)
    }
  }
}
