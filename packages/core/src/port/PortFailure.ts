/**
 * How a port says that the host failed: the reason, already translated, and what the host said.
 *
 * A class, so that the hot path can tell it from bytes and counts with one `instanceof`.
 */
import type { Reason } from "../Reason.ts"

export class PortFailure {
  readonly reason: Reason
  /** The host's own error or code, kept for people; never inspected by core. */
  readonly cause: unknown
  constructor(reason: Reason, cause?: unknown) {
    this.reason = reason
    this.cause = cause
  }
}
