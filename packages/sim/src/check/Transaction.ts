/** Transactions over lists by key: what is appended tells the order of versions by itself. */

/** One step. `values` is what it read; undefined when nobody knows. */
export type Step =
  | { readonly op: "append"; readonly key: string; readonly value: number }
  | {
      readonly op: "read"
      readonly key: string
      readonly values?: ReadonlyArray<number> | undefined
    }

export interface Transaction {
  /** For people, and to name it in what is found. */
  readonly name: string
  readonly steps: ReadonlyArray<Step>
  /** `unknown`: it may have been done, or not. `failed`: it certainly was not. */
  readonly outcome: "done" | "unknown" | "failed"
  /** When it was called and when it returned, as in a `History`; only for `realTime`. */
  readonly called?: number | undefined
  readonly returned?: number | undefined
}

export const formatTransaction = ({ name, steps }: Transaction): string =>
  `${name}: ${steps.map(formatStep).join(", ")}`

const formatStep = (step: Step): string =>
  step.op === "append"
    ? `append ${step.key} ${step.value}`
    : `read ${step.key} ${step.values === undefined ? "?" : JSON.stringify(step.values)}`
