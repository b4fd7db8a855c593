/**
 * The read operations that take what is there, as effects. They are values: running one twice reads
 * twice.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { IoError } from "../../IoError.ts"
import { WouldBlock } from "../../port/StreamPort.ts"
import { ReadOperation, TakingRead } from "./ReadOperation.ts"
import { nothing, type Reader } from "./Reader.ts"

/** How bytes are read; streams share their forms. */
export interface ReadForm {
  readonly operation: string
  readonly bytesMax: number
  readonly keep: boolean
}

/** The next bytes, at most `bytesMax`, kept or borrowed. */
export class ReadChunk extends TakingRead<Uint8Array> {
  private readonly form: ReadForm

  constructor(reader: Reader, form: ReadForm) {
    super(reader)
    this.form = form
  }

  get operation(): string {
    return this.form.operation
  }

  override asEffect(): Effect.Effect<Uint8Array, IoError> {
    const reader = this.reader
    const refusal = reader.refusal(this.operation)
    if (refusal !== undefined) return refusal
    return reader.available > 0 ? this.taken : reader.settle(reader.outcome(), this, nothing)
  }

  override take(): Uint8Array {
    const { bytesMax, keep, operation } = this.form
    return this.reader.take(operation, bytesMax, keep)
  }
}

/** The next bytes, copied to the front of a caller's buffer; gives the count. */
export class ReadInto extends TakingRead<number> {
  readonly operation = "TcpStream.readInto"
  private readonly target: Uint8Array

  constructor(reader: Reader, target: Uint8Array) {
    super(reader)
    this.target = target
  }

  override asEffect(): Effect.Effect<number, IoError> {
    const reader = this.reader
    const refusal = reader.refusal(this.operation)
    if (refusal !== undefined) return refusal
    return reader.available > 0 ? this.taken : reader.settle(reader.outcome(), this, 0)
  }

  override take(): number {
    const bytes = this.reader.take(this.operation, this.target.length, false)
    this.target.set(bytes, 0)
    return bytes.length
  }
}

/** What is there without waiting. */
export class TryRead extends ReadOperation<Option.Option<Uint8Array>> {
  readonly operation = "TcpStream.tryRead"
  private readonly bytesMax: number

  constructor(reader: Reader, bytesMax: number) {
    super(reader)
    this.bytesMax = bytesMax
  }

  override asEffect(): Effect.Effect<Option.Option<Uint8Array>, IoError> {
    const reader = this.reader
    const refusal = reader.refusal(this.operation)
    if (refusal !== undefined) return refusal
    if (reader.available > 0)
      return Effect.sync(() => Option.some(reader.take(this.operation, this.bytesMax, true)))
    const outcome = reader.outcome()
    if (outcome === WouldBlock) return Effect.succeed(Option.none())
    if (outcome instanceof Uint8Array) return this
    return reader.settle(outcome, this, Option.some(nothing))
  }
}

/** Waits until a `tryRead` would say something. */
export class AwaitReadable extends ReadOperation<void> {
  readonly operation = "TcpStream.awaitReadable"

  override asEffect(): Effect.Effect<void, IoError> {
    const reader = this.reader
    const refusal = reader.refusal(this.operation)
    if (refusal !== undefined) return refusal
    if (reader.available > 0) return Effect.void
    const outcome = reader.outcome()
    return outcome === WouldBlock ? reader.settle(outcome, this, undefined) : Effect.void
  }
}
