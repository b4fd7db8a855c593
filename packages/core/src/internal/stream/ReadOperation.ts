/**
 * A read as an effect: it looks, and when there is nothing it waits and is run again.
 *
 * Operations are values: running one twice reads twice.
 */
import * as Effect from "effect/Effect"
import * as Effectable from "effect/Effectable"
import type { IoError } from "../../IoError.ts"
import type { Reader } from "./Reader.ts"

export abstract class ReadOperation<A> extends Effectable.Class<A, IoError> {
  abstract readonly operation: string
  protected readonly reader: Reader
  // Made at the first wait and used by all later ones.
  private waiting: Effect.Effect<A, IoError> | undefined = undefined

  constructor(reader: Reader) {
    super()
    this.reader = reader
  }

  /** Waits until the stream may have become readable, then runs this again. */
  get suspended(): Effect.Effect<A, IoError> {
    return (this.waiting ??= Effect.callback((resume) => this.reader.register(this, resume)))
  }
}
