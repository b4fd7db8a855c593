/**
 * The read operations that wait for more than what is there: an exact count, or a delimiter.
 *
 * What comes meanwhile is collected in the reader, not in the operation: an interrupted or failed
 * one leaves every byte to the next read.
 */
import * as Effect from "effect/Effect"
import * as Effectable from "effect/Effectable"
import type { IoError } from "../../IoError.ts"
import { End } from "../../port/StreamPort.ts"
import { Reason } from "../../Reason.ts"
import { ReadOperation } from "./ReadOperation.ts"
import { bytesMaxPerRead, nothing, type Reader } from "./Reader.ts"
import type { StreamHandle } from "./StreamHandle.ts"

export class ReadExactly extends ReadOperation<Uint8Array> {
  readonly operation = "TcpStream.readExactly"
  private readonly stream: StreamHandle
  private readonly bytes: number

  constructor(stream: StreamHandle, reader: Reader, bytes: number) {
    super(reader)
    this.stream = stream
    this.bytes = bytes
  }

  override asEffect(): Effect.Effect<Uint8Array, IoError> {
    const { bytes, reader } = this
    const refusal = reader.refusal(this.operation)
    if (refusal !== undefined) return refusal
    const rest = reader.collected
    while (rest.length < bytes) if (!reader.collect(bytes - rest.length)) break
    if (rest.length >= bytes) return Effect.sync(() => reader.takeRest(this.operation, bytes))
    const outcome = reader.outcome()
    if (outcome !== End) return reader.settle(outcome, this, nothing)
    return Effect.fail(
      this.stream.error(
        this.operation,
        Reason.UnexpectedEnd({ bytesExpected: bytes, bytesAvailable: rest.length })
      )
    )
  }
}

export class ReadUntil extends Effectable.Class<Uint8Array, IoError> {
  private readonly stream: StreamHandle
  private readonly reader: Reader
  private readonly delimiter: Uint8Array
  private readonly bytesMax: number

  constructor(stream: StreamHandle, reader: Reader, delimiter: Uint8Array, bytesMax: number) {
    super()
    this.stream = stream
    this.reader = reader
    this.delimiter = delimiter
    this.bytesMax = bytesMax
  }

  // Each run remembers how far it searched: a peer that sends a byte at a time costs linear work.
  override asEffect(): Effect.Effect<Uint8Array, IoError> {
    return new ReadUntilRun(this.stream, this.reader, this.delimiter, this.bytesMax)
  }
}

class ReadUntilRun extends ReadOperation<Uint8Array> {
  readonly operation = "TcpStream.readUntil"
  private searched = 0
  private readonly stream: StreamHandle
  private readonly delimiter: Uint8Array
  private readonly bytesMax: number

  constructor(stream: StreamHandle, reader: Reader, delimiter: Uint8Array, bytesMax: number) {
    super(reader)
    this.stream = stream
    this.delimiter = delimiter
    this.bytesMax = bytesMax
  }

  override asEffect(): Effect.Effect<Uint8Array, IoError> {
    const reader = this.reader
    const refusal = reader.refusal(this.operation)
    if (refusal !== undefined) return refusal
    const rest = reader.collected
    do {
      const at = rest.indexOf(this.delimiter, this.searched)
      const end = at + this.delimiter.length
      if (at !== -1 && end <= this.bytesMax) {
        return Effect.sync(() => reader.takeRest(this.operation, end))
      }
      if (at !== -1 || rest.length >= this.bytesMax) return this.limitExceeded()
      this.searched = Math.max(0, rest.length - this.delimiter.length + 1)
      // Never more than the limit is collected, however fast the peer sends.
    } while (reader.collect(Math.min(this.bytesMax - rest.length, bytesMaxPerRead)))
    const outcome = reader.outcome()
    return outcome === End ? this.unexpectedEnd(rest.length) : reader.settle(outcome, this, nothing)
  }

  private limitExceeded(): Effect.Effect<never, IoError> {
    const reason = Reason.LimitExceeded({ argument: "bytesMax", bytesMax: this.bytesMax })
    return Effect.fail(this.stream.error(this.operation, reason))
  }

  private unexpectedEnd(bytesAvailable: number): Effect.Effect<never, IoError> {
    const reason = Reason.UnexpectedEnd({ bytesExpected: bytesAvailable + 1, bytesAvailable })
    return Effect.fail(this.stream.error(this.operation, reason))
  }
}
