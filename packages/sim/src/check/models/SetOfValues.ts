/** A set: values are added, removed, looked for, and all read at once. */
import type { Model } from "../Model.ts"
import type { Value } from "./Register.ts"

export type SetInput =
  /** Gives whether it was not there. */
  | { readonly op: "add"; readonly value: Value }
  /** Gives whether it was there. */
  | { readonly op: "remove"; readonly value: Value }
  | { readonly op: "has"; readonly value: Value }
  /** Gives all values, in any order, each once. */
  | { readonly op: "read" }

export type SetOutput = boolean | ReadonlyArray<Value>

/** Its values as JSON, sorted. */
export type SetState = ReadonlyArray<string>

export const setOfValues: Model<SetState, SetInput, SetOutput> = {
  name: "set",
  initial: [],
  step: (state, input, output) => {
    if (input.op === "read") {
      const fits = output === undefined || isSame(state, output)
      return fits ? [state] : []
    }
    const value = JSON.stringify(input.value)
    const isThere = state.includes(value)
    const result = input.op === "add" ? !isThere : isThere
    if (output !== undefined && output !== result) return []
    if (input.op === "has" || !result) return [state]
    return [input.op === "add" ? [...state, value].sort() : state.filter((one) => one !== value)]
  },
  isRead: ({ op }) => op === "has" || op === "read",
  format: (input, output) => {
    const value = input.op === "read" ? "" : ` ${JSON.stringify(input.value)}`
    return `${input.op}${value} -> ${output === undefined ? "?" : JSON.stringify(output)}`
  }
}

const isSame = (state: SetState, output: SetOutput): boolean => {
  if (typeof output === "boolean" || output.length !== state.length) return false
  const given = output.map((value) => JSON.stringify(value)).sort()
  return given.every((value, at) => value === state[at])
}
