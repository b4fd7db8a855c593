/** A log: entries get positions from 0, one after the other, and stay where they are. */
import type { Model } from "../Model.ts"
import { isSame } from "./AppendList.ts"
import type { Value } from "./Register.ts"

export type LogInput =
  /** Gives the position that the entry got. */
  | { readonly op: "append"; readonly value: Value }
  /** Gives the entries from position `from` on, at most `max`. */
  | { readonly op: "read"; readonly from: number; readonly max: number }

export type LogOutput = number | ReadonlyArray<Value>

export const log: Model<ReadonlyArray<Value>, LogInput, LogOutput> = {
  name: "log",
  initial: [],
  step: (state, input, output) => {
    if (input.op === "append") {
      return output === undefined || output === state.length ? [[...state, input.value]] : []
    }
    const entries = state.slice(input.from, input.from + input.max)
    const fits = output === undefined || (typeof output === "object" && isSame(entries, output))
    return fits ? [state] : []
  },
  isRead: ({ op }) => op === "read",
  format: (input, output) => {
    const result = output === undefined ? "?" : JSON.stringify(output)
    if (input.op === "append") return `append ${JSON.stringify(input.value)} -> ${result}`
    return `read ${input.max} from ${input.from} -> ${result}`
  }
}
