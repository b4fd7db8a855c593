/** A map from keys to values; each key is a part of its own. */
import type { Model } from "../Model.ts"
import type { Value } from "./Register.ts"

export type KeyValueInput =
  /** Gives the value, or null when there is none. */
  | { readonly op: "get"; readonly key: string }
  | { readonly op: "put"; readonly key: string; readonly value: Value }
  /** Gives whether there was a value. */
  | { readonly op: "delete"; readonly key: string }
  /** Puts `to`, and gives true, if the value is `from` (null: there is none); else false. */
  | { readonly op: "cas"; readonly key: string; readonly from: Value; readonly to: Value }

/** Of a put: true. */
export type KeyValueOutput = Value

/** The value of each key begins as null: there is none. */
export const keyValue: Model<Value, KeyValueInput, KeyValueOutput> = {
  name: "key",
  initial: null,
  step: (state, input, output) => {
    if (input.op === "put") return [input.value]
    if (input.op === "get") return output === undefined || output === state ? [state] : []
    const fits = input.op === "delete" ? state !== null : state === input.from
    if (output !== undefined && output !== fits) return []
    return [fits ? (input.op === "delete" ? null : input.to) : state]
  },
  partOf: ({ key }) => key,
  isRead: ({ op }) => op === "get",
  format: (input, output) => {
    const { key, op } = input
    const json = JSON.stringify
    const text =
      op === "put"
        ? ` ${json(input.value)}`
        : op === "cas"
          ? ` ${json(input.from)} to ${json(input.to)}`
          : ""
    if (op === "put" && output !== undefined) return `put ${key}${text}`
    return `${op} ${key}${text} -> ${output === undefined ? "?" : json(output)}`
  }
}
