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

/** The read that looked last, and its fiber, as long as that is in the middle of it. */
let reading: ReadOperation<unknown> | undefined
let reader: Fiber.Fiber<unknown, unknown> | undefined
/** Those of fibers that were told to yield there. */
const yielded = new WeakMap<Fiber.Fiber<unknown, unknown>, ReadOperation<unknown>>()

const enter = (operation: ReadOperation<unknown>): void => {
  if (reader !== undefined) yielded.set(reader, reading!)
  reader = Fiber.getCurrent()
  reading = operation
}

const leave = (): ReadOperation<unknown> => {
  const fiber = Fiber.getCurrent()!
  const isLast = fiber === reader
  const operation = isLast ? reading! : yielded.get(fiber)!
  if (isLast) reader = reading = undefined
  else yielded.delete(fiber)
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
    enter(this)
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
    enter(this)
    return take as Effect.Effect<A>
  }
}
