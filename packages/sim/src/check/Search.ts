/**
 * Looks for an order of one part's operations: the search of Wing and Gong, with Lowe's memory of
 * configurations (*Testing for linearizability*, 2017).
 *
 * It puts operations into the order one after the other: one that was called before any of the
 * others returned, and that the model allows. Where none is left to try it goes back.
 */
import type { Budget, Limit } from "./Budget.ts"
import { Configurations } from "./Configurations.ts"
import type { Operation } from "./History.ts"
import { keyOf, type Model, type Output, type StateKey } from "./Model.ts"
import { OperationList } from "./OperationList.ts"

export interface Ordered<State, Input, Out extends Output> {
  readonly operation: Operation<Input, Out>
  /** The state that it leads to. */
  readonly state: State
}

export type Found<State, Input, Out extends Output> =
  | { readonly _tag: "Order"; readonly order: ReadonlyArray<Ordered<State, Input, Out>> }
  | {
      readonly _tag: "None"
      /** An order of everything that returned before the first return that has no place. */
      readonly prefix: ReadonlyArray<Ordered<State, Input, Out>>
      /** Those of which one had to come next. */
      readonly stuck: ReadonlyArray<Operation<Input, Out>>
    }
  | { readonly _tag: "GaveUp"; readonly limit: Limit }

interface Frame<State, Input, Out extends Output> {
  readonly moves: ReadonlyArray<Ordered<State, Input, Out>>
  next: number
}

interface Pending<Input, Out extends Output> {
  readonly operation: Operation<Input, Out>
  /** One with the same input, called before: it goes first, so that only one is tried. */
  readonly twin: number | undefined
}

export class Search<State, Input, Out extends Output> {
  private readonly model: Model<State, Input, Out>
  private readonly budget: Budget
  private readonly list: OperationList<Input, Out>
  private readonly pending: ReadonlyArray<Pending<Input, Out>>
  private readonly positions = new Map<number, number>()
  private readonly configurations: Configurations
  private readonly frames: Array<Frame<State, Input, Out>> = []
  private readonly keyOf: (state: State) => StateKey
  private deepest: Extract<Found<State, Input, Out>, { _tag: "None" }> | undefined
  private deepestReturn = -1

  constructor(
    model: Model<State, Input, Out>,
    operations: ReadonlyArray<Operation<Input, Out>>,
    budget: Budget
  ) {
    this.model = model
    this.budget = budget
    this.keyOf = model.keyOf ?? keyOf
    for (const { id } of operations) this.positions.set(id, this.positions.size)
    this.configurations = new Configurations(operations.length)
    this.list = new OperationList(operations.filter(({ returned }) => returned !== Infinity))
    // A read of which nobody knows what it returned says nothing.
    this.pending = pendingOf(
      operations.filter(({ input, returned }) => {
        return returned === Infinity && model.isRead?.(input) !== true
      })
    )
  }

  run(): Found<State, Input, Out> {
    this.enter(this.model.initial)
    while (!this.list.isEmpty) {
      const frame = this.frames.at(-1)!
      const move = frame.moves[frame.next++]
      if (move === undefined) {
        if (!this.goBack()) return this.deepest!
        continue
      }
      this.put(move.operation)
      if (!this.configurations.add(this.keyOf(move.state))) {
        this.takeBack(move.operation)
        continue
      }
      const limit = this.budget.spend()
      if (limit !== undefined) return { _tag: "GaveUp", limit }
      this.enter(move.state)
    }
    return { _tag: "Order", order: this.order() }
  }

  private enter(state: State): void {
    this.frames.push({ moves: this.moves(state), next: 0 })
  }

  /** False when there is nothing to go back to. */
  private goBack(): boolean {
    this.noteDeadEnd()
    this.frames.pop()
    const frame = this.frames.at(-1)
    if (frame === undefined) return false
    this.takeBack(frame.moves[frame.next - 1]!.operation)
    return true
  }

  private put(operation: Operation<Input, Out>): void {
    this.configurations.flip(this.positions.get(operation.id)!)
    if (operation.returned !== Infinity) this.list.take(operation)
  }

  private takeBack(operation: Operation<Input, Out>): void {
    this.configurations.flip(this.positions.get(operation.id)!)
    if (operation.returned !== Infinity) this.list.putBack(operation)
  }

  /** Everything that may come next in `state`. */
  private moves(state: State): ReadonlyArray<Ordered<State, Input, Out>> {
    const { model } = this
    const moves: Array<Ordered<State, Input, Out>> = []
    for (const operation of this.list.candidates()) {
      const states = model.step(state, operation.input, operation.output)
      // A read that fits now may as well come now: whatever follows does not notice.
      if (states.length > 0 && model.isRead?.(operation.input) === true) {
        return [{ operation, state }]
      }
      for (const next of states) moves.push({ operation, state: next })
    }
    for (const pending of this.pending) this.addPending(moves, state, pending)
    return moves
  }

  // What nobody knows to have been done need not have been: only if it changes something.
  private addPending(
    moves: Array<Ordered<State, Input, Out>>,
    state: State,
    { operation, twin }: Pending<Input, Out>
  ): void {
    const { configurations, model } = this
    if (operation.called > this.list.firstReturn) return
    if (configurations.has(this.positions.get(operation.id)!)) return
    if (twin !== undefined && !configurations.has(this.positions.get(twin)!)) return
    const key = this.keyOf(state)
    for (const next of model.step(state, operation.input, undefined)) {
      if (this.keyOf(next) !== key) moves.push({ operation, state: next })
    }
  }

  private order(): Array<Ordered<State, Input, Out>> {
    return this.frames.flatMap(({ moves, next }) => moves[next - 1] ?? [])
  }

  private noteDeadEnd(): void {
    const { firstReturn } = this.list
    const isDeeper =
      firstReturn > this.deepestReturn ||
      (firstReturn === this.deepestReturn &&
        this.frames.length - 1 > (this.deepest?.prefix.length ?? 0))
    if (!isDeeper) return
    this.deepestReturn = firstReturn
    const prefix = this.order()
    this.deepest = { _tag: "None", prefix, stuck: this.list.candidates() }
  }
}

const pendingOf = <Input, Out extends Output>(
  operations: ReadonlyArray<Operation<Input, Out>>
): ReadonlyArray<Pending<Input, Out>> => {
  const latest = new Map<string, number>()
  return operations.map((operation) => {
    const input = JSON.stringify(operation.input)
    const twin = latest.get(input)
    latest.set(input, operation.id)
    return { operation, twin }
  })
}
