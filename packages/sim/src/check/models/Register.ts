/** One value that is read, written, and swapped if it is what the caller believes. */
import type { Model } from "../Model.ts"

export type Value = string | number | boolean | null

export type RegisterInput =
  | { readonly op: "read" }
  | { readonly op: "write"; readonly value: Value }

/** Of a write: true. */
export type RegisterOutput = Value

/** Read and write. */
export const register = (initial: Value = null): Model<Value, RegisterInput, RegisterOutput> => ({
  name: "register",
  initial,
  step: (state, input, output) => {
    if (input.op === "write") return [input.value]
    return output === undefined || output === state ? [state] : []
  },
  isRead: ({ op }) => op === "read",
  format: formatRegister
})

export type CasInput =
  | RegisterInput
  /** Writes `to`, and gives true, if the value is `from`; else false. */
  | { readonly op: "cas"; readonly from: Value; readonly to: Value }

/** A register with compare-and-set. */
export const casRegister = (initial: Value = null): Model<Value, CasInput, RegisterOutput> => {
  const plain = register(initial)
  return {
    name: "CAS register",
    initial,
    step: (state, input, output) => {
      if (input.op !== "cas") return plain.step(state, input, output)
      const fits = state === input.from
      if (output !== undefined && output !== fits) return []
      return [fits ? input.to : state]
    },
    isRead: ({ op }) => op === "read",
    format: formatRegister
  }
}

export function formatRegister(input: CasInput, output: RegisterOutput | undefined): string {
  const result = output === undefined ? "?" : JSON.stringify(output)
  if (input.op === "read") return `read -> ${result}`
  if (input.op === "write") {
    return `write ${JSON.stringify(input.value)}${output === undefined ? " -> ?" : ""}`
  }
  return `cas ${JSON.stringify(input.from)} to ${JSON.stringify(input.to)} -> ${result}`
}
