/**
 * The one error of Portico: which operation, on what, why.
 *
 * The `reason` is a tagged union, so `Effect.catchReason("IoError", "ConnectionRefused", …)` picks
 * one; `Remedy.of(reason)` says what a caller can do about it. End of stream is data, interruption
 * is interruption, and a broken invariant of ours is a defect: none of them is an `IoError`.
 */
import * as Data from "effect/Data"
import * as Reason from "./Reason.ts"

export class IoError extends Data.TaggedError("IoError")<{
  /** The call that failed, as users write it: `Tcp.connect`, `TcpStream.read`. */
  readonly operation: string
  readonly reason: Reason.Reason
  /** What it was about: `tcp://127.0.0.1:80`, `udp://[::1]:53`, `unix:///run/app.sock`. */
  readonly address?: string | undefined
  /** The file or directory it was about, as it was given. */
  readonly path?: string | undefined
  /** Of a batch: the first that failed, from 0. Those before it were done, those after it not. */
  readonly index?: number | undefined
  /** The host's own error, kept for people. */
  readonly cause?: unknown
}> {
  override get message(): string {
    const which = this.index === undefined ? "" : `[${this.index}]`
    const place = this.address ?? this.path
    const at = place === undefined ? "" : ` ${place}`
    return `${this.operation}${which}${at}: ${Reason.format(this.reason)}`
  }
}

/** Whether `value` is an `IoError`, of the given reason if one is named. */
export const isIoError = (value: unknown, reason?: Reason.Reason["_tag"]): value is IoError =>
  value instanceof IoError && (reason === undefined || value.reason._tag === reason)
