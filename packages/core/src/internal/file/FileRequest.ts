/**
 * Something that the host is asked to do with files: it waits in a line, begins, and ends.
 *
 * It is itself the effect by which an interruption takes it back, so that asking makes one object
 * less.
 */
import * as Effect from "effect/Effect"
import * as Effectable from "effect/Effectable"
import * as Fiber from "effect/Fiber"
import type { IoError } from "../../IoError.ts"
import type { FileLane } from "./FileLane.ts"
import type { RequestLine } from "./RequestLine.ts"

export type Resume<A> = (effect: Effect.Effect<A, IoError>) => void

export abstract class FileRequest extends Effectable.Class<void> {
  readonly operation: string
  readonly fiberId: number
  readonly lane: FileLane
  /** Where it stands, linked to its neighbours. */
  line: RequestLine | undefined = undefined
  previous: FileRequest | undefined = undefined
  next: FileRequest | undefined = undefined
  /** Until it leaves its handle, and its neighbours there. */
  isOnHandle = false
  earlier: FileRequest | undefined = undefined
  later: FileRequest | undefined = undefined
  /** The host was asked: there is no way back. */
  hasBegun = false
  private resume: Resume<never> | undefined
  private onEnded: (() => void) | undefined = undefined

  constructor(lane: FileLane, operation: string, resume: Resume<never> | undefined) {
    super()
    this.lane = lane
    this.operation = operation
    this.resume = resume
    this.fiberId = resume === undefined ? 0 : (Fiber.getCurrent()?.id ?? 0)
  }

  /** Asks the host. Called in a place of the lane. */
  abstract begin(): void

  /** Whether memory of the caller's is in the host's hands until it ends. */
  protected get isLent(): boolean {
    return false
  }

  /** It left its line, and the host is not asked (again). */
  protected onLeft(): void {}

  /** Nobody waits for the result any more. */
  get isAbandoned(): boolean {
    return this.resume === undefined
  }

  /** Tells whoever asked; the host is through with it. */
  protected end(effect: Effect.Effect<unknown, IoError>): void {
    const { onEnded, resume } = this
    this.resume = this.onEnded = undefined
    if (onEnded !== undefined) onEnded()
    else resume?.(effect as Effect.Effect<never, IoError>)
  }

  /** Takes it out of its line, where the host has no part of it, and fails it. */
  refuse(error: IoError): void {
    this.leaveLine()
    this.end(Effect.fail(error))
  }

  private leaveLine(): void {
    this.line?.remove(this)
    this.onLeft()
  }

  // Interruption.
  override asEffect(): Effect.Effect<void> {
    if (this.resume === undefined) return Effect.void
    this.resume = undefined
    if (this.line !== this.lane.running) {
      this.leaveLine()
      return Effect.void
    }
    if (!this.isLent) return Effect.void
    return Effect.callback((resume) => {
      if (this.line !== this.lane.running) return resume(Effect.void)
      this.onEnded = () => resume(Effect.void)
    })
  }
}
