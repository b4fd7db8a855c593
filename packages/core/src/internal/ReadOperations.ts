/**
 * The read operations that take what is there, as effects. They are values: running one twice reads
 * twice.
 */
import * as Effect from "effect/Effect"
import * as Effectable from "effect/Effectable"
import * as Option from "effect/Option"
import type { IoError } from "../IoError.ts"
import { End, WouldBlock } from "../port/StreamPort.ts"
import type { Reader } from "./Reader.ts"

/** The next bytes, at most `bytesMax`, kept or borrowed. */
export class ReadChunk extends Effectable.Class<Uint8Array, IoError> {
  readonly operation: string
  private readonly reader: Reader
  private readonly bytesMax: number
  private readonly keep: boolean

  constructor(reader: Reader, operation: string, bytesMax: number, keep: boolean) {
    super()
    this.reader = reader
    this.operation = operation
    this.bytesMax = bytesMax
    this.keep = keep
  }

  override asEffect(): Effect.Effect<Uint8Array, IoError> {
    const reader = this.reader
    const refusal = reader.refusal(this.operation)
    if (refusal !== undefined) return refusal
    return reader.available > 0
      ? Effect.sync(() => reader.take(this.bytesMax, this.keep))
      : reader.settle(reader.outcome(), this)
  }
}

/** The next bytes, copied to the front of a caller's buffer; gives the count. */
export class ReadInto extends Effectable.Class<number, IoError> {
  readonly operation = "TcpStream.readInto"
  private readonly reader: Reader
  private readonly target: Uint8Array

  constructor(reader: Reader, target: Uint8Array) {
    super()
    this.reader = reader
    this.target = target
  }

  override asEffect(): Effect.Effect<number, IoError> {
    const reader = this.reader
    const refusal = reader.refusal(this.operation)
    if (refusal !== undefined) return refusal
    if (reader.available === 0) {
      const outcome = reader.outcome()
      return outcome === End ? Effect.succeed(0) : reader.settle(outcome, this)
    }
    return Effect.sync(() => {
      const bytes = reader.take(this.target.length, false)
      this.target.set(bytes, 0)
      return bytes.length
    })
  }
}

/** What is there without waiting. */
export class TryRead extends Effectable.Class<Option.Option<Uint8Array>, IoError> {
  readonly operation = "TcpStream.tryRead"
  private readonly reader: Reader
  private readonly bytesMax: number

  constructor(reader: Reader, bytesMax: number) {
    super()
    this.reader = reader
    this.bytesMax = bytesMax
  }

  override asEffect(): Effect.Effect<Option.Option<Uint8Array>, IoError> {
    const reader = this.reader
    const refusal = reader.refusal(this.operation)
    if (refusal !== undefined) return refusal
    if (reader.available > 0)
      return Effect.sync(() => Option.some(reader.take(this.bytesMax, true)))
    const outcome = reader.outcome()
    if (outcome === WouldBlock) return Effect.succeed(Option.none())
    return Effect.map(reader.settle(outcome, this), Option.some)
  }
}

/** Waits until a `tryRead` would say something. */
export class AwaitReadable extends Effectable.Class<void, IoError> {
  readonly operation = "TcpStream.awaitReadable"
  private readonly reader: Reader

  constructor(reader: Reader) {
    super()
    this.reader = reader
  }

  override asEffect(): Effect.Effect<void, IoError> {
    const reader = this.reader
    const refusal = reader.refusal(this.operation)
    if (refusal !== undefined) return refusal
    if (reader.available > 0) return Effect.void
    const outcome = reader.outcome()
    return outcome === WouldBlock ? reader.settle(outcome, this) : Effect.void
  }
}
