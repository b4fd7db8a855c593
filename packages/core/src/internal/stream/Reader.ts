/**
 * The receiving side of one stream: who waits, what was left over, and taking bytes.
 *
 * Taking is one synchronous step that hands the bytes straight to the fiber's next continuation
 * (`Effect.sync`), never through a value that an interruption could drop: a read that times out
 * loses nothing.
 */
import * as Effect from "effect/Effect"
import * as Effectable from "effect/Effectable"
import * as Fiber from "effect/Fiber"
import type { IoError } from "../../IoError.ts"
import { PortFailure } from "../../port/PortFailure.ts"
import { End, type ReadOutcome, type StreamPort, WouldBlock } from "../../port/StreamPort.ts"
import { Reason } from "../../Reason.ts"
import type { ReadOperation } from "./ReadOperation.ts"
import { RestBuffer } from "./RestBuffer.ts"
import type { StreamHandle } from "./StreamHandle.ts"

export const bytesMaxPerRead = 512 * 1024
/** The end of a stream, as bytes. */
export const nothing = new Uint8Array(0)

/**
 * As an effect, a reader is the end of the running fiber's wait: what an interruption runs. (One
 * object less for each of ten thousand idle connections.)
 */
export class Reader extends Effectable.Class<void> {
  bytesRead = 0
  private readonly stream: StreamHandle
  private readonly port: StreamPort
  private rest: RestBuffer | undefined
  private resume: ((effect: Effect.Effect<never, IoError>) => void) | undefined
  private waiting: { readonly operation: string } | undefined
  private fiberId = 0

  constructor(stream: StreamHandle, port: StreamPort) {
    super()
    this.stream = stream
    this.port = port
  }

  /** What waits now, for dumps. */
  get wait(): { readonly operation: string; readonly fiberId: number } | undefined {
    return this.resume === undefined
      ? undefined
      : { operation: this.waiting!.operation, fiberId: this.fiberId }
  }

  /** The failure that every read has now, if any: closed, busy, or broken. */
  refusal(operation: string): Effect.Effect<never, IoError> | undefined {
    const stream = this.stream
    if (stream.isClosing) return Effect.fail(stream.error(operation, Reason.Closed()))
    if (this.resume !== undefined) return Effect.fail(stream.error(operation, Reason.Busy()))
    return undefined
  }

  /** Bytes that `take` would give now. */
  get available(): number {
    const rest = this.rest === undefined ? 0 : this.rest.length
    return rest > 0 ? rest : this.stream.failure === undefined ? this.port.bytesUnread : 0
  }

  /**
   * Takes up to `bytesMax` bytes, `available` having been > 0. When the run loop yielded since, and
   * another fiber took them, there is no way back from here: that is `Busy`, as a defect.
   */
  take(operation: string, bytesMax: number, keep: boolean): Uint8Array {
    if (this.rest !== undefined && this.rest.length > 0) return this.rest.take(bytesMax, keep)
    const outcome = this.port.tryRead(bytesMax, keep)
    if (!(outcome instanceof Uint8Array)) throw this.stream.error(operation, Reason.Busy())
    this.bytesRead += outcome.length
    return outcome
  }

  /** What there is to say when no bytes are available. `End` and failures stay what they are. */
  outcome(): ReadOutcome {
    if (this.stream.failure !== undefined) return this.stream.failure
    const outcome = this.port.tryRead(1, true)
    if (outcome === End) this.stream.move("remoteEnd")
    else if (outcome instanceof PortFailure) this.stream.fail(outcome)
    // A port whose `bytesUnread` is late gave a byte after all: it is put back.
    else if (outcome !== WouldBlock) this.restore(outcome)
    return outcome
  }

  /** The effect of an outcome: wait and run `retry` again, its `end`, a failure, or look again. */
  settle<A>(outcome: ReadOutcome, retry: ReadOperation<A>, end: A): Effect.Effect<A, IoError> {
    if (outcome === WouldBlock) return retry.suspended
    if (outcome === End) return Effect.succeed(end)
    if (outcome instanceof PortFailure) {
      return Effect.fail(this.stream.error(retry.operation, outcome.reason, outcome.cause))
    }
    return retry
  }

  private restore(bytes: Uint8Array): void {
    this.bytesRead += bytes.length
    ;(this.rest ??= new RestBuffer()).append(bytes)
  }

  /**
   * Registers the running fiber, whose `operation` is run again when `wake` is called. The run loop
   * may have yielded since the operation looked, so this looks once more: a wake-up that came in
   * between would be the last.
   */
  register<A>(
    operation: ReadOperation<A>,
    resume: (effect: Effect.Effect<A, IoError>) => void
  ): Effect.Effect<void> | undefined {
    const isStale = this.stream.isClosing || this.stream.failure !== undefined || this.port.readable
    if (isStale || this.resume !== undefined) {
      resume(operation)
      return undefined
    }
    this.resume = resume
    this.waiting = operation
    this.fiberId = Fiber.getCurrent()?.id ?? 0
    return this
  }

  // The wait of a fiber that was woken already, and was interrupted before it ran, is over; the one
  // registered now may be another's.
  override asEffect(): Effect.Effect<void> {
    if (Fiber.getCurrent()?.id === this.fiberId) this.resume = undefined
    return Effect.void
  }

  /** `told` is called at the next change, once; until then, or `letGo`, other reads are `Busy`. */
  hold(waiting: { readonly operation: string }, told: () => void, fiberId: number): void {
    this.resume = told
    this.waiting = waiting
    this.fiberId = fiberId
  }

  letGo(): void {
    this.resume = undefined
  }

  /** What was taken comes next again, there being nothing collected. */
  giveBack(bytes: Uint8Array): void {
    ;(this.rest ??= new RestBuffer()).append(bytes)
  }

  /** Something about this stream changed: whoever waits looks again. */
  wake(): void {
    const resume = this.resume
    if (resume === undefined) return
    this.resume = undefined
    // Registered together: the operation's result is what the fiber waits for.
    resume(this.waiting as ReadOperation<never>)
  }

  /** Moves up to `bytesMax` bytes that the port holds into the rest; true if any came. */
  collect(bytesMax: number): boolean {
    const unread = this.stream.failure === undefined ? this.port.bytesUnread : 0
    if (unread === 0) return false
    const outcome = this.port.tryRead(Math.min(bytesMax, unread), false)
    if (!(outcome instanceof Uint8Array)) throw new Error("The port promised bytes and gave none")
    this.restore(outcome)
    return true
  }

  /** Takes `bytes` of what was collected, there having been that many. See `take`. */
  takeRest(operation: string, bytes: number): Uint8Array {
    const rest = this.collected
    if (rest.length < bytes) throw this.stream.error(operation, Reason.Busy())
    return rest.take(bytes, true)
  }

  /** All that was collected, for who goes on reading in this reader's place. */
  giveAway(): Uint8Array {
    const { rest } = this
    return rest === undefined ? nothing : rest.take(rest.length, true)
  }

  get collected(): RestBuffer {
    return (this.rest ??= new RestBuffer())
  }
}
