/**
 * Moving all that comes on one stream to another, in the callbacks of the host.
 *
 * A fiber that reads and writes is suspended and resumed for each message, which costs more than
 * the rest of the way through core. Here the fiber waits once, for the end.
 */
import * as Effect from "effect/Effect"
import * as Effectable from "effect/Effectable"
import * as Fiber from "effect/Fiber"
import type { IoError } from "../../IoError.ts"
import { PortFailure } from "../../port/PortFailure.ts"
import { End, WouldBlock } from "../../port/StreamPort.ts"
import { Reason } from "../../Reason.ts"
import type { CopyOptions } from "../../TcpStream.ts"
import type { Reader } from "./Reader.ts"
import type { StreamHandle } from "./StreamHandle.ts"
import type { Writer } from "./Writer.ts"
import { WriteRequest } from "./WriteRequest.ts"

const operation = "TcpStream.copyTo"

type Resume = (effect: Effect.Effect<number, IoError>) => void

export class Copy extends Effectable.Class<number, IoError> {
  readonly stream: StreamHandle
  readonly reader: Reader
  readonly writer: Writer
  readonly map: CopyOptions["map"]

  constructor(stream: StreamHandle, reader: Reader, writer: Writer, options: CopyOptions) {
    super()
    this.stream = stream
    this.reader = reader
    this.writer = writer
    this.map = options.map
  }

  override asEffect(): Effect.Effect<number, IoError> {
    return Effect.callback((resume) => new CopyRun(this, resume).begin())
  }
}

class CopyRun {
  readonly operation = operation
  private readonly copy: Copy
  private readonly resume: Resume
  private readonly fiberId = Fiber.getCurrent()?.id ?? 0
  private bytes = 0
  private isOver = false
  /** What the target did not take at once, and the chunk as it was read. */
  private request: WriteRequest | undefined
  private chunk: Uint8Array | undefined

  constructor(copy: Copy, resume: Resume) {
    this.copy = copy
    this.resume = resume
  }

  begin(): Effect.Effect<void> | undefined {
    const refusal = this.copy.reader.refusal(operation)
    if (refusal !== undefined) this.resume(refusal)
    else this.run()
    return refusal !== undefined || this.isOver ? undefined : Effect.sync(() => this.interrupt())
  }

  /** Something about the source changed, or the target took a chunk. */
  private readonly run = (): void => {
    const { reader, stream } = this.copy
    reader.hold(this, this.run, this.fiberId)
    if (stream.isClosing) {
      this.revoke()
      return this.finish(Effect.fail(stream.error(operation, Reason.Closed())))
    }
    while (this.request === undefined && !this.isOver) {
      if (reader.available > 0) this.move()
      else if (this.isDry()) return
    }
  }

  // True when there is nothing to move: not yet, or never again.
  private isDry(): boolean {
    const { reader, stream } = this.copy
    const outcome = reader.outcome()
    if (outcome === End) this.finish(Effect.succeed(this.bytes))
    else if (outcome instanceof PortFailure) {
      this.finish(Effect.fail(stream.error(operation, outcome.reason, outcome.cause)))
    }
    return outcome === WouldBlock || this.isOver
  }

  // All that is there, so that what is given back by `interrupt` is what comes next.
  private move(): void {
    const { reader, writer } = this.copy
    const refusal = writer.refusal("TcpStream.write")
    if (refusal !== undefined) return this.finish(refusal)
    const chunk = reader.take(operation, Number.MAX_SAFE_INTEGER, false)
    this.bytes += chunk.length
    const bytes = this.mapped(chunk)
    if (bytes !== undefined && bytes.length > 0 && !writer.append(bytes)) this.write(chunk, bytes)
  }

  private mapped(chunk: Uint8Array): Uint8Array | undefined {
    const { map } = this.copy
    if (map === undefined) return chunk
    try {
      return map(chunk)
    } catch (defect) {
      this.finish(Effect.die(defect))
      return undefined
    }
  }

  private write(chunk: Uint8Array, bytes: Uint8Array): void {
    const { writer } = this.copy
    const request = new WriteRequest("write", [bytes])
    request.resume = this.written
    request.fiberId = this.fiberId
    if (writer.begin(request)) return
    const refusal = writer.refusal("TcpStream.write")
    if (refusal !== undefined) return this.finish(refusal)
    this.request = request
    this.chunk = chunk
  }

  private readonly written = (effect: Effect.Effect<void, IoError>): void => {
    this.request = this.chunk = undefined
    if (effect === Effect.void) this.run()
    else this.finish(effect as Effect.Effect<never, IoError>)
  }

  private finish(effect: Effect.Effect<number, IoError>): void {
    if (this.isOver) return
    this.isOver = true
    this.copy.reader.letGo()
    this.resume(effect)
  }

  private interrupt(): void {
    if (this.isOver) return
    this.isOver = true
    this.copy.reader.letGo()
    this.revoke()
  }

  // Half a chunk with the host breaks the target; one that did not begin is still to be read.
  private revoke(): void {
    const { chunk, request } = this
    this.request = this.chunk = undefined
    if (request === undefined) return
    this.copy.writer.cancel(request)
    if (!request.hasStarted) this.copy.reader.giveBack(chunk!)
  }
}
