/** Waiting until a `tryWrite` can take something: one waiter a stream. */
import * as Effect from "effect/Effect"
import * as Effectable from "effect/Effectable"
import * as Fiber from "effect/Fiber"
import type { Wait } from "../../Handle.ts"
import type { IoError } from "../../IoError.ts"
import { Reason } from "../../Reason.ts"
import type { StreamHandle } from "./StreamHandle.ts"
import type { Writer } from "./Writer.ts"

export class WritableWait extends Effectable.Class<void, IoError> {
  private readonly stream: StreamHandle
  private readonly writer: Writer
  private resume: ((effect: Effect.Effect<void, IoError>) => void) | undefined
  private fiberId = 0

  constructor(stream: StreamHandle, writer: Writer) {
    super()
    this.stream = stream
    this.writer = writer
  }

  override asEffect(): Effect.Effect<void, IoError> {
    const operation = "TcpStream.awaitWritable"
    const { stream } = this
    if (stream.isClosing || this.writer.isShutDown) {
      return Effect.fail(stream.error(operation, Reason.Closed()))
    }
    if (this.resume !== undefined) return Effect.fail(stream.error(operation, Reason.Busy()))
    if (this.writer.isWritable) return Effect.void
    return Effect.callback<void, IoError>((resume) => {
      // The run loop may have yielded since: looking again keeps a wake-up from being missed.
      if (this.resume !== undefined || stream.isClosing || this.writer.isWritable) {
        return resume(this)
      }
      this.resume = resume
      this.fiberId = Fiber.getCurrent()?.id ?? 0
      return Effect.sync(() => {
        if (this.resume === resume) this.resume = undefined
      })
    })
  }

  get wait(): Wait | undefined {
    return this.resume === undefined
      ? undefined
      : { operation: "TcpStream.awaitWritable", fiberId: this.fiberId }
  }

  /** Something changed: the waiter looks again. */
  wake(): void {
    const resume = this.resume
    if (resume === undefined) return
    this.resume = undefined
    resume(this)
  }
}
