/** The write operations as effects. */
import * as Effect from "effect/Effect"
import * as Effectable from "effect/Effectable"
import type { IoError } from "../../IoError.ts"
import type { Writer } from "./Writer.ts"

export class WriteBytes extends Effectable.Class<void, IoError> {
  private readonly writer: Writer
  private readonly bytes: Uint8Array

  constructor(writer: Writer, bytes: Uint8Array) {
    super()
    this.writer = writer
    this.bytes = bytes
  }

  override asEffect(): Effect.Effect<void, IoError> {
    const { bytes, writer } = this
    const refusal = writer.refusal("TcpStream.write")
    if (refusal !== undefined) return refusal
    if (bytes.length === 0 || writer.append(bytes)) return Effect.void
    return writer.submit("write", [bytes])
  }
}

export class TryWrite extends Effectable.Class<number, IoError> {
  private readonly writer: Writer
  private readonly bytes: Uint8Array

  constructor(writer: Writer, bytes: Uint8Array) {
    super()
    this.writer = writer
    this.bytes = bytes
  }

  override asEffect(): Effect.Effect<number, IoError> {
    const operation = "TcpStream.tryWrite"
    const refusal = this.writer.refusal(operation)
    if (refusal !== undefined) return refusal
    const count = this.writer.tryWrite(this.bytes)
    // A failure that the host told just now, before it took anything.
    return count === 0
      ? (this.writer.refusal(operation) ?? Effect.succeed(0))
      : Effect.succeed(count)
  }
}
