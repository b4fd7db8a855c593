/**
 * The sending side of one stream: a turn's small writes in one buffer, then a queue of requests.
 *
 * Order is everything: buffered bytes leave before the first request, requests in call order. A
 * small write is copied and done; when the turn ends the buffer leaves in one system call.
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Wait } from "../../Handle.ts"
import type { IoError } from "../../IoError.ts"
import { PortFailure } from "../../port/PortFailure.ts"
import type { StreamPort } from "../../port/StreamPort.ts"
import type { TurnTask } from "../../port/TurnPort.ts"
import { Reason } from "../../Reason.ts"
import type { StreamHandle } from "./StreamHandle.ts"
import type { WriteBuffer } from "./WriteBuffer.ts"
import { type WriteKind, WriteRequest } from "./WriteRequest.ts"

/** A longer chunk goes to the host from where it lies: copying it would cost more than a call. */
const copyBytesMax = 4 * 1024

export class Writer implements TurnTask {
  bytesWritten = 0
  /** Half-close was done, or stands in the queue. */
  isShutDown = false
  private readonly stream: StreamHandle
  private readonly port: StreamPort
  private buffer: WriteBuffer | undefined
  private requests: Array<WriteRequest> | undefined
  private isScheduled = false
  private failure: PortFailure | undefined

  constructor(stream: StreamHandle, port: StreamPort) {
    this.stream = stream
    this.port = port
  }

  get bytesQueued(): number {
    let bytes = this.buffer === undefined ? 0 : this.buffer.length
    if (this.requests !== undefined) for (const one of this.requests) bytes += one.bytesLeft
    return bytes
  }

  get waits(): ReadonlyArray<Wait> {
    return this.requests ?? []
  }

  /** Nothing that is queued will ever leave. */
  get hasFailed(): boolean {
    return this.failure !== undefined || this.stream.failure !== undefined
  }

  private get isQueueEmpty(): boolean {
    return this.requests === undefined || this.requests.length === 0
  }

  /** The failure that every write has now, if any: closed, shut down, or broken. */
  refusal(operation: string): Effect.Effect<never, IoError> | undefined {
    const stream = this.stream
    if (stream.isClosing || this.isShutDown) {
      return Effect.fail(stream.error(operation, Reason.Closed()))
    }
    const failure = this.failure ?? stream.failure
    return failure === undefined ? undefined : Effect.fail(this.broken(operation, failure))
  }

  // Whether the host says EPIPE or ECONNRESET depends on who looked first, so a writer is told
  // `Broken` for either; the cause keeps the host's word.
  private broken(operation: string, failure: PortFailure): IoError {
    const isPeerGone = failure.reason._tag === "ConnectionReset" || failure.reason._tag === "Broken"
    const reason = isPeerGone ? Reason.Broken() : failure.reason
    return this.stream.error(operation, reason, failure.cause)
  }

  /** Copies a small chunk behind this turn's bytes; false when it must be a request. */
  append(bytes: Uint8Array): boolean {
    if (bytes.length > copyBytesMax || !this.isQueueEmpty) return false
    return this.copy(bytes)
  }

  private copy(bytes: Uint8Array): boolean {
    const buffer = this.bufferFor(bytes.length)
    if (buffer.free < bytes.length) return false
    buffer.append(bytes, bytes.length)
    this.schedule()
    return true
  }

  // With room for `bytes` where a buffer has so much and the host does not read this one's memory.
  private bufferFor(bytes: number): WriteBuffer {
    const { writeBuffers } = this.stream.table
    const { buffer } = this
    if (buffer === undefined) return (this.buffer = writeBuffers.acquire(bytes))
    if (buffer.free >= bytes || !buffer.isSmall || this.port.lent) return buffer
    return (this.buffer = writeBuffers.enlarge(buffer))
  }

  private schedule(): void {
    if (this.isScheduled) return
    this.isScheduled = true
    this.stream.table.ports.turn.atEnd(this)
  }

  runAtTurnEnd(): void {
    this.isScheduled = false
    this.pump()
  }

  /** Copies what fits now, as far as the host takes it; the count. */
  tryWrite(bytes: Uint8Array): number {
    let taken = 0
    while (taken < bytes.length && this.isQueueEmpty && this.drain() && this.port.writable) {
      const rest = taken === 0 ? bytes : bytes.subarray(taken)
      const buffer = this.bufferFor(rest.length)
      const count = Math.min(buffer.free, rest.length)
      buffer.append(rest, count)
      taken += count
      this.drain()
    }
    return taken
  }

  /** Whether `tryWrite` would take something, or say why it never will. */
  get isWritable(): boolean {
    if (this.hasFailed) return true
    return this.isQueueEmpty && this.drain() && (this.port.writable || this.failure !== undefined)
  }

  /** Hands the buffer to the host; true when it is empty and the host is done with its memory. */
  drain(): boolean {
    if (this.failure !== undefined || this.port.lent) return false
    const buffer = this.buffer
    if (buffer === undefined) return true
    while (buffer.length > 0) {
      const count = this.offer(buffer.view())
      if (count === 0) return false
      buffer.taken(count)
      if (this.port.lent) return false
    }
    this.buffer = undefined
    this.stream.table.writeBuffers.release(buffer)
    return true
  }

  // A short count means that the host is full and `onWritable` will follow.
  private offer(bytes: Uint8Array): number {
    const outcome = this.port.tryWrite(bytes)
    if (outcome instanceof PortFailure) {
      this.fail(outcome)
      return 0
    }
    this.bytesWritten += outcome
    return outcome
  }

  /** Brings a request as far as it goes now; true when nothing of it is left to do. */
  advance(request: WriteRequest): boolean {
    if (this.port.lent) return false
    for (let chunk = request.next; chunk !== undefined; chunk = request.next) {
      if (chunk.length <= copyBytesMax && this.copy(chunk)) {
        request.taken(chunk.length)
        continue
      }
      if (!this.drain()) return false
      if (chunk.length <= copyBytesMax) continue
      const count = this.offer(chunk)
      request.taken(count)
      if (this.port.lent || count < chunk.length) return false
    }
    if (request.kind === "write") return true
    if (!this.drain()) return false
    if (request.kind === "shutdown") this.shutDownPort()
    return this.failure === undefined
  }

  private shutDownPort(): void {
    const outcome = this.port.shutdown()
    if (outcome instanceof PortFailure) this.fail(outcome)
    else this.stream.move("shutdown")
  }

  /** The host may take more: the buffer, then the requests in order, each told when it is done. */
  pump(): void {
    if (this.isQueueEmpty) {
      this.drain()
      return
    }
    const requests = this.requests!
    while (requests.length > 0 && this.failure === undefined) {
      const request = requests[0]!
      if (!this.advance(request)) return
      requests.shift()
      request.resume!(Effect.void)
    }
  }

  /**
   * Runs a request now if it can, else behind those that wait. All in one step: between looking and
   * queueing, the run loop could yield to another writer, whose bytes would come between ours.
   */
  submit(kind: WriteKind, chunks: ReadonlyArray<Uint8Array>): Effect.Effect<void, IoError> {
    return Effect.callback<void, IoError>((resume) => {
      const request = new WriteRequest(kind, chunks)
      const refusal = this.refusal(request.operation)
      if (refusal !== undefined) return resume(kind === "shutdown" ? this.moot(refusal) : refusal)
      if (kind === "shutdown") this.isShutDown = true
      if (this.isQueueEmpty && this.advance(request)) return resume(Effect.void)
      if (this.failure !== undefined) {
        const failed = Effect.fail(this.broken(request.operation, this.failure))
        return resume(kind === "shutdown" ? Effect.void : failed)
      }
      request.resume = resume
      request.fiberId = Fiber.getCurrent()?.id ?? 0
      ;(this.requests ??= []).push(request)
      return Effect.sync(() => this.cancel(request))
    })
  }

  /** The same for who is no fiber, of a write that nothing refuses; true when it is done. */
  begin(request: WriteRequest): boolean {
    if (this.isQueueEmpty && this.advance(request)) return true
    if (this.failure === undefined) (this.requests ??= []).push(request)
    return false
  }

  // Half-close of what is shut down or broken promises nothing that is not so already.
  private moot(refusal: Effect.Effect<never, IoError>): Effect.Effect<void, IoError> {
    return this.stream.isClosing ? refusal : Effect.void
  }

  // A request that has sent something cannot be taken back: half of it on the wire, the stream
  // would be neither what was written nor what was not.
  cancel(request: WriteRequest): void {
    const index = this.requests?.indexOf(request) ?? -1
    if (index === -1) return
    this.requests!.splice(index, 1)
    if (request.kind === "shutdown") this.isShutDown = false
    if (request.hasStarted) this.stream.abandon()
  }

  private fail(failure: PortFailure): void {
    this.failure = failure
    this.stream.move("fault")
    this.discard((request) => this.broken(request.operation, failure))
  }

  /** The stream is being closed or was broken: nobody waits any longer. */
  discard(error: (request: WriteRequest) => IoError): void {
    const requests = this.requests
    this.requests = undefined
    if (requests === undefined) return
    // Out of the list, too, which `pump` may be walking: none of them may leave any more.
    for (const request of requests.splice(0)) {
      // Half-close promises an end, which a broken stream has already.
      const isMoot = request.kind === "shutdown" && this.failure !== undefined
      request.resume!(isMoot ? Effect.void : Effect.fail(error(request)))
    }
  }

  /** Gives the buffer back once the port has let go of its memory. */
  release(): void {
    if (this.buffer !== undefined) this.stream.table.writeBuffers.release(this.buffer)
    this.buffer = undefined
  }
}
