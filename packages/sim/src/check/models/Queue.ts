/** First in, first out. */
import type { Model } from "../Model.ts"
import type { Value } from "./Register.ts"

export type QueueInput =
  | { readonly op: "enqueue"; readonly value: Value }
  /** Takes the oldest value and gives `[value]`, or `[]` when there is none. */
  | { readonly op: "dequeue" }

/** Of an enqueue: `[]`. */
export type QueueOutput = ReadonlyArray<Value>

export const queue: Model<ReadonlyArray<Value>, QueueInput, QueueOutput> = {
  name: "queue",
  initial: [],
  step: (state, input, output) => {
    if (input.op === "enqueue") return [[...state, input.value]]
    const fits = output === undefined || (output.length === 0 ? 0 : 1) === Math.min(state.length, 1)
    if (!fits || (output !== undefined && output[0] !== state[0])) return []
    return [state.slice(1)]
  },
  format: (input, output) => {
    if (input.op === "enqueue") {
      return `enqueue ${JSON.stringify(input.value)}${output === undefined ? " -> ?" : ""}`
    }
    return `dequeue -> ${output === undefined ? "?" : JSON.stringify(output)}`
  }
}
