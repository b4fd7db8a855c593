/**
 * What a service promises, as a sequential program: if its operations had been run one at a time,
 * which results could they have given?
 *
 * States are immutable values. An output is never `undefined`: that stands for "nobody knows what
 * it returned" (the caller timed out, or died).
 */
export type Output = NonNullable<unknown> | null

export interface Model<State, Input, Out extends Output> {
  /** Named in explanations. */
  readonly name: string
  readonly initial: State
  /**
   * Every state that running `input` in `state` may lead to, if it returned `output`; of any
   * output, if that is undefined. Empty: it cannot have returned that. More than one: the model
   * leaves it open (a lease that may have ended, or not).
   */
  readonly step: (state: State, input: Input, output: Out | undefined) => ReadonlyArray<State>
  /**
   * Operations of different parts do not see each other, so that each part can be checked by itself
   * (P-compositionality). Most services are a map: its key. Left out: one part.
   */
  readonly partOf?: ((input: Input) => string) | undefined
  /** Whether `input` never changes a state, which saves most of the search. Left out: never. */
  readonly isRead?: ((input: Input) => boolean) | undefined
  /**
   * Equal for equal states, different for different ones. Left out: the state itself, if it is
   * primitive, else its JSON.
   */
  readonly keyOf?: ((state: State) => StateKey) | undefined
  /** One operation as a reader wants to see it. Left out: its input and output as JSON. */
  readonly format?: ((input: Input, output: Out | undefined) => string) | undefined
}

export type StateKey = string | number | boolean | null | undefined

export const keyOf = <State>(state: State): StateKey =>
  typeof state === "object" && state !== null ? JSON.stringify(state) : (state as StateKey)
