/**
 * A lock whose holder gets a fencing token, greater than all before it, and a resource that refuses
 * tokens older than one it has seen (Kleppmann, *How to do distributed locking*, 2016).
 */
import type { Model } from "../Model.ts"

export type LockInput =
  /** Gives the token, an integer from 1, or false when somebody holds the lock. */
  | { readonly op: "acquire" }
  /** Gives whether this token held the lock. */
  | { readonly op: "release"; readonly token: number }
  /** The resource is used: gives whether it took the token. */
  | { readonly op: "use"; readonly token: number }

export type LockOutput = number | boolean

export interface LockState {
  /** The holder's token; 0 when it is free, -1 when nobody knows which. */
  readonly held: number
  /** No token that is given from now on is this one or less. */
  readonly last: number
  /** The greatest that the resource has seen. */
  readonly seen: number
}

export interface LockOptions {
  /**
   * Whether a holder may lose the lock by the passing of time: then an acquire may succeed while it
   * is held. What the resource refuses stays the same: that is what tokens are for.
   */
  readonly isLease: boolean
}

export const fencedLock = ({ isLease }: LockOptions): Model<LockState, LockInput, LockOutput> => ({
  name: isLease ? "lease" : "lock",
  initial: { held: 0, last: 0, seen: 0 },
  step: (state, input, output) => {
    if (input.op === "acquire") return acquire(state, output, isLease)
    if (input.op === "release") return release(state, input.token, output, isLease)
    const isTaken = input.token >= state.seen
    if (output !== undefined && output !== isTaken) return []
    return [isTaken ? { ...state, seen: input.token } : state]
  },
  keyOf: ({ held, last, seen }) => `held ${held}, last ${last}, seen ${seen}`,
  format: (input, output) => {
    const token = input.op === "acquire" ? "" : ` ${input.token}`
    return `${input.op}${token} -> ${output === undefined ? "?" : output}`
  }
})

const acquire = (
  state: LockState,
  output: LockOutput | undefined,
  isLease: boolean
): ReadonlyArray<LockState> => {
  const isFree = state.held === 0
  if (output === false) return isFree ? [] : [state]
  if (!isFree && !isLease) return output === undefined ? [state] : []
  if (typeof output === "number") {
    return output > state.last ? [{ ...state, held: output, last: output }] : []
  }
  // Some token, one greater than the last at least.
  const given = { ...state, held: -1, last: state.last + 1 }
  return output === undefined ? (isFree ? [given] : [given, state]) : []
}

const release = (
  state: LockState,
  token: number,
  output: LockOutput | undefined,
  isLease: boolean
): ReadonlyArray<LockState> => {
  const released = { ...state, held: 0 }
  const mayHold = state.held === token || (state.held === -1 && token >= state.last)
  const mayNot = state.held !== token || isLease
  // A lease that ended leaves the lock as it is, or free.
  const kept = isLease && state.held === token ? released : state
  const after: Array<LockState> = []
  if (mayHold && output !== false) after.push(released)
  if (mayNot && output !== true) after.push(kept)
  return after
}
