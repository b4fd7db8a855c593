/** Accounts between which money is moved: none is made, none is lost, and none is overdrawn. */
import type { History, Operation } from "../History.ts"
import type { Model } from "../Model.ts"

export type BankInput =
  /** Gives true, or false and moves nothing when `from` has less. */
  | {
      readonly op: "transfer"
      readonly from: string
      readonly to: string
      readonly amount: number
    }
  /** Gives all balances at one moment. */
  | { readonly op: "read" }

export type Balances = { readonly [account: string]: number }

export type BankOutput = boolean | Balances

export const bank = (initial: Balances): Model<Balances, BankInput, BankOutput> => ({
  name: "bank",
  initial,
  step: (state, input, output) => {
    if (input.op === "read") {
      const fits = output === undefined || (typeof output === "object" && isSame(state, output))
      return fits ? [state] : []
    }
    const { amount, from, to } = input
    const isDone = amount <= (state[from] ?? 0)
    if (output !== undefined && output !== isDone) return []
    if (!isDone) return [state]
    const drawn = { ...state, [from]: (state[from] ?? 0) - amount }
    return [{ ...drawn, [to]: (drawn[to] ?? 0) + amount }]
  },
  isRead: ({ op }) => op === "read",
  keyOf: (state) => JSON.stringify(Object.entries(state).sort(byName)),
  format: (input, output) => {
    const result = output === undefined ? "?" : JSON.stringify(output)
    if (input.op === "read") return `read -> ${result}`
    return `transfer ${input.amount} from ${input.from} to ${input.to} -> ${result}`
  }
})

/**
 * The reads whose balances do not add up to `total`, or show an overdrawn account. Weaker than
 * `bank`, and asks for no order: it holds also where reads may be stale (snapshot isolation).
 */
export const wrongTotals = (
  history: History<BankInput, BankOutput> | ReadonlyArray<Operation<BankInput, BankOutput>>,
  total: number
): ReadonlyArray<Operation<BankInput, BankOutput>> =>
  ("operations" in history ? history.operations : history).filter(({ output }) => {
    if (typeof output !== "object") return false
    const balances = Object.values(output)
    const sum = balances.reduce((left, right) => left + right, 0)
    return sum !== total || balances.some((balance) => balance < 0)
  })

const byName = ([left]: readonly [string, number], [right]: readonly [string, number]): number =>
  left < right ? -1 : 1

const isSame = (left: Balances, right: Balances): boolean =>
  Object.keys(left).length === Object.keys(right).length &&
  Object.entries(left).every(([account, balance]) => right[account] === balance)
