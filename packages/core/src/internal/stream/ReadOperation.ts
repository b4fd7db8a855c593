/**
 * A read as an effect: it looks, and takes what is there; when there is nothing it waits and is run
 * again.
 *
 * Operations are values: running one twice reads twice. What follows upon the look is one effect
 * for all reads, which finds its operation on the running fiber: it is that fiber's next operation,
 * and no other read of it comes between. Effects of their own cost each message 140 bytes, and each
 * idle connection 250 on Bun: Effect asks a callback for its length, and JavaScriptCore keeps the
 * answer with the function.
 */
import * as Effect from "effect/Effect"
import * as Effectable from "effect/Effectable"
import * as Fiber from "effect/Fiber"
import type { IoError } from "../../IoError.ts"
import type { Reader } from "./Reader.ts"

/** The read that a fiber is in the middle of. */
const current: unique symbol = Symbol("@portico/core/read")
interface Reading {
  [current]?: ReadOperation<unknown> | undefined
}

const running = (): Reading => Fiber.getCurrent() as Reading

const leave = (): ReadOperation<unknown> => {
  const fiber = running()
  const operation = fiber[current]!
  fiber[current] = undefined
  return operation
}

const wait = Effect.callback<unknown, IoError>((resume) => leave().register(resume))

const take = Effect.sync(() => (leave() as TakingRead<unknown>).take())

export abstract class ReadOperation<A> extends Effectable.Class<A, IoError> {
  abstract readonly operation: string
  protected readonly reader: Reader

  constructor(reader: Reader) {
    super()
    this.reader = reader
  }

  /** Waits until the stream may have become readable, then runs this again. To be run at once. */
  get suspended(): Effect.Effect<A, IoError> {
    running()[current] = this
    return wait as Effect.Effect<A, IoError>
  }

  register(resume: (effect: Effect.Effect<A, IoError>) => void): Effect.Effect<void> | undefined {
    return this.reader.register(this, resume)
  }
}

/** A read of bytes that are there. */
export abstract class TakingRead<A> extends ReadOperation<A> {
  /** They have been there: see `Reader.take`. */
  abstract take(): A

  /** Takes them, in one step. To be run at once. */
  protected get taken(): Effect.Effect<A> {
    running()[current] = this
    return take as Effect.Effect<A>
  }
}
