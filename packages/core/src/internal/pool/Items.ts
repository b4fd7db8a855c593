/** What a task that gives many has given, until it is taken. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type { PoolError } from "../../PoolError.ts"
import type { Outcome } from "./Job.ts"

type Batch = readonly [unknown, ...Array<unknown>]
type Pull = Effect.Effect<Batch, PoolError | Cause.Done>

export class Items {
  /** No more than the task may be ahead. */
  private items: Array<unknown> = []
  private outcome: Outcome | undefined
  private onMore: (() => void) | undefined
  /** Told how many were taken: the task may give as many more. */
  private readonly onTaken: (count: number) => void

  constructor(onTaken: (count: number) => void) {
    this.onTaken = onTaken
  }

  add(item: unknown): void {
    this.items.push(item)
    this.tell()
  }

  /** What it gave before comes first, then its failure, or the end. */
  end(outcome: Outcome): void {
    this.outcome = outcome
    this.tell()
  }

  private tell(): void {
    const { onMore } = this
    this.onMore = undefined
    onMore?.()
  }

  private next(): Pull | undefined {
    const { items, outcome } = this
    if (items.length > 0) {
      this.items = []
      this.onTaken(items.length)
      return Effect.succeed(items as unknown as Batch)
    }
    return outcome === undefined ? undefined : Effect.andThen(outcome, Cause.done())
  }

  /** All that is there, at least one. */
  readonly pull: Pull = Effect.callback((resume) => {
    const look = () => {
      const next = this.next()
      if (next === undefined) this.onMore = look
      else resume(next)
    }
    look()
    return Effect.sync(() => (this.onMore = undefined))
  })
}
