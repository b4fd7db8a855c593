/** Lists by key, to which values are appended; each key is a part of its own. */
import type { Model } from "../Model.ts"
import type { Value } from "./Register.ts"

export type AppendListInput =
  | { readonly op: "append"; readonly key: string; readonly value: Value }
  | { readonly op: "read"; readonly key: string }

/** Of an append: `[]`. */
export type AppendListOutput = ReadonlyArray<Value>

/** Reads show every append before them, so histories of a list are cheap to check. */
export const appendList: Model<ReadonlyArray<Value>, AppendListInput, AppendListOutput> = {
  name: "list",
  initial: [],
  step: (state, input, output) => {
    if (input.op === "append") return [[...state, input.value]]
    return output === undefined || isSame(state, output) ? [state] : []
  },
  partOf: ({ key }) => key,
  isRead: ({ op }) => op === "read",
  format: (input, output) => {
    const result = output === undefined ? " -> ?" : ""
    if (input.op === "append") {
      return `append ${input.key} ${JSON.stringify(input.value)}${result}`
    }
    return `read ${input.key} -> ${output === undefined ? "?" : JSON.stringify(output)}`
  }
}

export const isSame = (left: ReadonlyArray<Value>, right: ReadonlyArray<Value>): boolean =>
  left.length === right.length && left.every((value, at) => value === right[at])
