/** Calls of a task that runs, into the loop, each answered by a fiber of its own. */
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import type { Handler } from "../../LoopCall.ts"
import type { PortAnswer } from "../../port/WorkerPort.ts"

const answerOf = (exit: Exit.Exit<unknown, unknown>): PortAnswer => {
  if (exit._tag === "Success") return { _tag: "Answered", value: exit.value }
  const failed = exit.cause.reasons.find((reason) => Cause.isFailReason(reason))
  return { _tag: "Failed", error: failed === undefined ? Cause.squash(exit.cause) : failed.error }
}

export class Calls {
  private readonly handlers: ReadonlyArray<Handler>
  private readonly context: Context.Context<never>
  // A thread waits for its answer, so there is mostly one.
  private readonly fibers = new Set<Fiber.Fiber<unknown, unknown>>()

  constructor(handlers: ReadonlyArray<Handler>, context: Context.Context<never>) {
    this.handlers = handlers
    this.context = context
  }

  call(name: string, args: ReadonlyArray<unknown>, tell: (answer: PortAnswer) => void): void {
    const handler = this.handlers.find((one) => one.name === name)
    if (handler === undefined) return tell({ _tag: "NoHandler" })
    const answering = Effect.suspend(() => handler.answer(...args))
    const fiber = Effect.runForkWith(this.context)(answering)
    this.fibers.add(fiber)
    fiber.addObserver((exit) => {
      if (this.fibers.delete(fiber)) tell(answerOf(exit))
    })
  }

  /** The task has ended: nobody waits for them. */
  end(): void {
    const fibers = Array.from(this.fibers)
    this.fibers.clear()
    for (const fiber of fibers) fiber.interruptUnsafe()
  }
}
