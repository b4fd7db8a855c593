/**
 * Whether a history could have come from a service that does one operation at a time, each at some
 * moment between its call and its return (Herlihy and Wing, *Linearizability*, 1990).
 */
import { Budget, type CheckOptions, type Limit } from "./Budget.ts"
import { explain, explainGivingUp } from "./Explanation.ts"
import type { History, Operation } from "./History.ts"
import type { Model, Output } from "./Model.ts"
import { type Ordered, Search } from "./Search.ts"

export type { CheckOptions, Limit } from "./Budget.ts"

export type Verdict<State, Input, Out extends Output> =
  | {
      readonly _tag: "Linearizable"
      /** Of each part an order that explains it, by the part's name. */
      readonly orders: ReadonlyMap<string, ReadonlyArray<Linearized<State, Input, Out>>>
    }
  | {
      readonly _tag: "NotLinearizable"
      /** The part's name, empty when the model has no parts. */
      readonly part: string
      /** The longest beginning that has an order, in it. */
      readonly prefix: ReadonlyArray<Linearized<State, Input, Out>>
      /** The operations of which one had to come next, and none could. */
      readonly stuck: ReadonlyArray<Operation<Input, Out>>
      /** For a reader, in lines. */
      readonly explanation: string
    }
  /** It was not found out. This is not a pass: allow more, or make the history shorter. */
  | {
      readonly _tag: "GaveUp"
      readonly part: string
      readonly limit: Limit
      readonly explanation: string
    }

export interface Linearized<State, Input, Out extends Output> extends Ordered<State, Input, Out> {
  /** Where it took effect: an index between its call and its return, never before the last one. */
  readonly point: number
}

/**
 * Checks each part of `history` by itself, in the order in which they appear, up to the first that
 * has no order. Its time and memory are bounded by `options`; beyond, `GaveUp`, unless another part
 * has no order. A history without unknown outcomes takes about linear time; each unknown outcome
 * can double it.
 */
export const linearizable = <State, Input, Out extends Output>(
  model: Model<State, Input, Out>,
  history: History<Input, Out> | ReadonlyArray<Operation<Input, Out>>,
  options: CheckOptions = {}
): Verdict<State, Input, Out> => {
  const budget = new Budget(options)
  const orders = new Map<string, ReadonlyArray<Linearized<State, Input, Out>>>()
  let gaveUp: Verdict<State, Input, Out> | undefined
  for (const [part, operations] of partsOf(model, history)) {
    const found = new Search(model, operations, budget).run()
    if (found._tag === "Order") {
      orders.set(part, withPoints(found.order))
    } else if (found._tag === "None") {
      const { stuck } = found
      const prefix = withPoints(found.prefix)
      const explanation = explain(model, { part, operations, prefix, stuck })
      return { _tag: "NotLinearizable", part, prefix, stuck, explanation }
    } else if (gaveUp === undefined) {
      const explanation = explainGivingUp(model, part, operations.length, found.limit, budget)
      gaveUp = { _tag: "GaveUp", part, limit: found.limit, explanation }
    }
  }
  return gaveUp ?? { _tag: "Linearizable", orders }
}

/** Throws an error with the explanation, unless `history` is linearizable. */
export const assertLinearizable = <State, Input, Out extends Output>(
  model: Model<State, Input, Out>,
  history: History<Input, Out> | ReadonlyArray<Operation<Input, Out>>,
  options: CheckOptions = {}
): void => {
  const verdict = linearizable(model, history, options)
  if (verdict._tag !== "Linearizable") throw new Error(verdict.explanation)
}

const partsOf = <State, Input, Out extends Output>(
  model: Model<State, Input, Out>,
  history: History<Input, Out> | ReadonlyArray<Operation<Input, Out>>
): Map<string, Array<Operation<Input, Out>>> => {
  const parts = new Map<string, Array<Operation<Input, Out>>>()
  const operations = "operations" in history ? history.operations : history
  for (const operation of operations) {
    const name = model.partOf?.(operation.input) ?? ""
    const part = parts.get(name)
    if (part === undefined) parts.set(name, [operation])
    else part.push(operation)
  }
  return parts
}

// One that comes next was called before any of the others returned, so the latest call so far lies
// before its return.
const withPoints = <State, Input, Out extends Output>(
  order: ReadonlyArray<Ordered<State, Input, Out>>
): ReadonlyArray<Linearized<State, Input, Out>> => {
  let point = 0
  return order.map((ordered) => {
    point = Math.max(point, ordered.operation.called)
    return { ...ordered, point }
  })
}
