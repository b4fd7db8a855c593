/**
 * A read as an effect: it looks, and when there is nothing it waits and is run again.
 *
 * Operations are values: running one twice reads twice.
 */
import * as Effect from "effect/Effect"
import * as Effectable from "effect/Effectable"
import * as Fiber from "effect/Fiber"
import type { IoError } from "../../IoError.ts"
import type { Reader } from "./Reader.ts"

/** The read that a fiber is about to wait for: on the fiber itself, until it does. */
const pending: unique symbol = Symbol("@portico/core/pendingRead")
interface Pending {
  [pending]?: ReadOperation<unknown> | undefined
}

const running = (): Pending => Fiber.getCurrent() as Pending

// One for all reads. A wait of its own would cost each idle connection on Bun 230 bytes: Effect
// asks a callback for its length, and JavaScriptCore keeps the answer with the function.
const wait = Effect.callback<unknown, IoError>((resume) => {
  const fiber = running()
  const operation = fiber[pending]!
  fiber[pending] = undefined
  return operation.register(resume)
})

export abstract class ReadOperation<A> extends Effectable.Class<A, IoError> {
  abstract readonly operation: string
  protected readonly reader: Reader

  constructor(reader: Reader) {
    super()
    this.reader = reader
  }

  /**
   * Waits until the stream may have become readable, then runs this again: the next operation of
   * the running fiber, which alone may run it.
   */
  get suspended(): Effect.Effect<A, IoError> {
    running()[pending] = this
    return wait as Effect.Effect<A, IoError>
  }

  register(resume: (effect: Effect.Effect<A, IoError>) => void): Effect.Effect<void> | undefined {
    return this.reader.register(this, resume)
  }
}
