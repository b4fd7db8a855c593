/** What a simulated task says before it ends: its items, and its calls into the loop. */
import { LoopCallError } from "@portico/core/LoopCall"
import { Moved } from "@portico/core/Moved"
import type { PortAnswer } from "@portico/core/port/index"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { clone } from "./SimClone.ts"

/** Its item cannot be copied. */
export class NotSent {
  readonly problem: string

  constructor(problem: string) {
    this.problem = problem
  }
}

export interface DialogueEvents {
  onItem(item: unknown): void
  onCall(call: number, name: string, args: ReadonlyArray<unknown>): void
}

export class SimDialogue {
  isCancelled = false
  private readonly events: DialogueEvents
  private credit: number
  private lastCall = 0
  /** Looks again whether it may give an item. */
  private onChange: (() => void) | undefined
  private onAnswer: ((answer: PortAnswer | undefined) => void) | undefined

  constructor(events: DialogueEvents, credit: number) {
    this.events = events
    this.credit = credit
  }

  cancel(): void {
    this.isCancelled = true
    this.tell()
    this.answer(this.lastCall, undefined)
  }

  allow(count: number): void {
    this.credit += count
    this.tell()
  }

  private tell(): void {
    const { onChange } = this
    this.onChange = undefined
    onChange?.()
  }

  /** Undefined: it was asked to stop. */
  answer(call: number, answer: PortAnswer | undefined): void {
    if (call !== this.lastCall) return
    const { onAnswer } = this
    this.onAnswer = undefined
    onAnswer?.(answer)
  }

  /** All items of what the model gave, no further ahead than it may be. */
  giveItems(result: unknown): Effect.Effect<void, unknown> {
    if (!Stream.isStream(result)) return this.iterate(result as Iterable<unknown>)
    return Stream.runForEachWhile(result as Stream.Stream<unknown, unknown>, (item) =>
      Effect.andThen(
        this.awaitCredit,
        Effect.suspend(() => this.give(item))
      )
    )
  }

  // As a thread does: credit first, then the next one.
  private iterate(iterable: Iterable<unknown>): Effect.Effect<void, unknown> {
    const iterator = iterable[Symbol.iterator]()
    const step: Effect.Effect<void, unknown> = Effect.suspend(() => {
      if (this.isCancelled) return Effect.sync(() => void iterator.return?.())
      const next = iterator.next()
      if (next.done === true) return Effect.void
      const given = Effect.onError(this.give(next.value), () =>
        Effect.sync(() => void iterator.return?.())
      )
      return Effect.andThen(given, loop)
    })
    const loop = Effect.andThen(this.awaitCredit, step)
    return loop
  }

  private readonly awaitCredit = Effect.callback<void>((resume) => {
    const look = () => {
      if (this.isCancelled || this.credit > 0) resume(Effect.void)
      else this.onChange = look
    }
    look()
  })

  /** Whether it goes on. */
  private give(item: unknown): Effect.Effect<boolean, NotSent> {
    if (this.isCancelled) return Effect.succeed(false)
    this.credit--
    try {
      const isMoved = item instanceof Moved
      this.events.onItem(isMoved ? clone(item.value, item.transfer) : clone(item, []))
      return Effect.succeed(true)
    } catch (error) {
      return Effect.fail(new NotSent(String(error)))
    }
  }

  readonly ask = (
    name: string,
    args: ReadonlyArray<unknown>
  ): Effect.Effect<unknown, LoopCallError> =>
    Effect.callback((resume) => {
      const fail = (reason: LoopCallError["reason"], error?: unknown) =>
        resume(Effect.fail(new LoopCallError(name, reason, error)))
      if (this.isCancelled) return fail("Cancelled")
      let sent: ReadonlyArray<unknown>
      try {
        sent = clone(args, []) as ReadonlyArray<unknown>
      } catch {
        return fail("NotCloneable")
      }
      const call = ++this.lastCall
      this.onAnswer = (answer) => {
        if (answer === undefined) return fail("Cancelled")
        if (answer._tag === "NoHandler") return fail("NoHandler")
        try {
          if (answer._tag === "Failed") fail("Failed", clone(answer.error, []))
          else resume(Effect.succeed(clone(answer.value, [])))
        } catch {
          fail("NotCloneable")
        }
      }
      this.events.onCall(call, name, sent)
    })
}
