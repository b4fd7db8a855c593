/** A history's calls and returns in a trace, and the order of them in its diagram. */
import { formatPlainly } from "../check/Explanation.ts"
import type { HistoryWatcher, Operation } from "../check/History.ts"
import type { Verdict } from "../check/Linearizability.ts"
import type { Model, Output } from "../check/Model.ts"
import type { OrderView } from "./ClientBars.ts"
import type { TraceSink } from "./TraceSink.ts"

/** For `new History(...)`: tells `trace` of each call and each end. */
export const traceHistory = <State, Input, Out extends Output>(
  trace: TraceSink,
  model: Model<State, Input, Out>
): HistoryWatcher<Input, Out> => {
  const calls = new Map<number, number>()
  const textOf = ({ input, output }: Operation<Input, Out>) =>
    model.format?.(input, output) ?? formatPlainly(input, output)
  return {
    onCalled: (operation) => {
      const { called, client, id } = operation
      const data = { operation: id, client: String(client), at: called, text: textOf(operation) }
      calls.set(id, trace.record("call", data))
    },
    onEnded: (operation, how) => {
      const { client, id, returned } = operation
      const end = { operation: id, client: String(client), how, text: textOf(operation) }
      const data = returned === Infinity ? end : { ...end, at: returned }
      trace.record("return", data, calls.get(id) ?? -1)
    }
  }
}

/** Where operations took effect, as far as an order of them was found. */
export const orderOf = <State, Input, Out extends Output>(
  verdict: Verdict<State, Input, Out>
): OrderView => {
  const points = new Map<number, number>()
  if (verdict._tag === "GaveUp") return { points, stuck: new Set() }
  const orders = verdict._tag === "Linearizable" ? verdict.orders.values() : [verdict.prefix]
  for (const order of orders) {
    for (const { operation, point } of order) points.set(operation.id, point)
  }
  const stuck = verdict._tag === "Linearizable" ? [] : verdict.stuck
  return { points, stuck: new Set(stuck.map(({ id }) => id)) }
}
