/** Tells a reader why a history has no order: what fits, and what cannot come next. */
import type { Budget, Limit } from "./Budget.ts"
import type { Operation } from "./History.ts"
import { keyOf, type Model, type Output } from "./Model.ts"
import type { Ordered } from "./Search.ts"

interface Failure<State, Input, Out extends Output> {
  readonly part: string
  readonly operations: ReadonlyArray<Operation<Input, Out>>
  readonly prefix: ReadonlyArray<Ordered<State, Input, Out>>
  readonly stuck: ReadonlyArray<Operation<Input, Out>>
}

/** The last operations that fit; those before them are counted only. */
const shownMax = 12
const columnsMax = 120

export const explain = <State, Input, Out extends Output>(
  model: Model<State, Input, Out>,
  { operations, part, prefix, stuck }: Failure<State, Input, Out>
): string => {
  const fitting = prefix.filter(({ operation }) => operation.returned !== Infinity).length
  const all = operations.filter(({ returned }) => returned !== Infinity).length
  const shown = prefix.slice(-shownMax)
  const line = (operation: Operation<Input, Out>) => cut(lineOf(model, operation))
  const state = prefix.at(-1)?.state ?? model.initial
  return [
    `Not linearizable: ${named(model, part)}`,
    `An order was found for ${fitting} of ${all} operations that returned:`,
    ...(prefix.length > shownMax ? [`  ... ${prefix.length - shownMax} before`] : []),
    ...shown.map(({ operation }) => line(operation)),
    cut(`which leads to the state: ${String(keyOf(state))}`),
    "One of these had to come next, and none can:",
    ...stuck.map(line)
  ].join("\n")
}

export const explainGivingUp = <State, Input, Out extends Output>(
  model: Model<State, Input, Out>,
  part: string,
  operations: number,
  limit: Limit,
  { states }: Budget
): string =>
  [
    `Not decided: ${named(model, part)}, ${operations} operations`,
    `The limit of ${limit} was reached after ${states} configurations`
  ].join("\n")

const named = ({ name }: { readonly name: string }, part: string) =>
  part === "" ? name : `${name} ${JSON.stringify(part)}`

const lineOf = <State, Input, Out extends Output>(
  model: Model<State, Input, Out>,
  { called, client, input, output, returned }: Operation<Input, Out>
): string => {
  const end = returned === Infinity ? "..." : String(returned)
  const text = model.format?.(input, output) ?? formatPlainly(input, output)
  return `  ${`${called}-${end}`.padEnd(9)} ${client}: ${text}`
}

/** An operation whose model does not say how it is to be shown. */
export const formatPlainly = (input: unknown, output: unknown): string =>
  `${JSON.stringify(input)} -> ${output === undefined ? "?" : JSON.stringify(output)}`

const cut = (text: string) => (text.length > columnsMax ? `${text.slice(0, columnsMax)}...` : text)
