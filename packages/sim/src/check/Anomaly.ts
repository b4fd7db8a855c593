/**
 * What no serial order of transactions can show, by Adya's names (*Weak consistency*, 1999), as far
 * as lists can tell (Kingsbury and Alvaro, *Elle*, 2020).
 */
import { formatTransaction, type Transaction } from "./Transaction.ts"

/**
 * - `G0`: writes in a circle.
 * - `G1a`: read of a transaction that failed. `G1b`: read of another's middle.
 * - `G1c`: a circle of writes and reads of them.
 * - `G-single`: a circle with one read that missed a write (read skew, lost update).
 * - `G2`: one with several (write skew).
 * - The others need no circle: reads of one list that do not agree on its order; a value twice;
 *   values that nobody wrote; a transaction that does not see what it did itself.
 */
export type AnomalyKind =
  | "G0"
  | "G1a"
  | "G1b"
  | "G1c"
  | "G-single"
  | "G2"
  | "incompatible order"
  | "duplicate values"
  | "never written"
  | "internal"

/** How one transaction has to come before another: it wrote first, was read, or read first. */
export type Dependency = "ww" | "wr" | "rw" | "time"

export interface Anomaly {
  readonly kind: AnomalyKind
  /** Those of a circle in its order, each before the next and the last before the first. */
  readonly transactions: ReadonlyArray<Transaction>
  /** Of a circle: why each comes before the next. */
  readonly dependencies?: ReadonlyArray<Dependency> | undefined
  readonly key?: string | undefined
  /** What was read. */
  readonly values?: ReadonlyArray<number> | undefined
}

const words: { readonly [dependency in Dependency]: string } = {
  ww: "was overwritten by",
  wr: "was read by",
  rw: "did not see",
  time: "ended before"
}

/** For a reader, in lines. */
export const formatAnomaly = (anomaly: Anomaly): string => {
  const { dependencies, key, kind, transactions, values } = anomaly
  const where = key === undefined ? "" : ` at ${key}: ${JSON.stringify(values)}`
  const lines = transactions.map((transaction, at) => {
    const why = dependencies?.[at]
    const next = transactions[(at + 1) % transactions.length]!.name
    const rest = why === undefined ? "" : `\n    ${words[why]} ${next}`
    return `  ${formatTransaction(transaction)}${rest}`
  })
  return [`${kind}${where}`, ...lines].join("\n")
}
