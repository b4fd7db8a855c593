/**
 * A lock, a channel or their like refused: in which operation, and why.
 *
 * A plain class, so that a thread which has no Effect can throw it; in effects it is a failure with
 * a tag as any other (`Effect.catchTag("SyncError", …)`).
 */
import { format, type SyncReason } from "./SyncReason.ts"

export class SyncError extends Error {
  readonly _tag = "SyncError"
  /** `SharedMutex.unlock`. */
  readonly operation: string
  readonly reason: SyncReason

  constructor(operation: string, reason: SyncReason) {
    super(`${operation}: ${format(reason)}`)
    this.name = "SyncError"
    this.operation = operation
    this.reason = reason
  }
}

/** Whether `value` is a `SyncError`, of the given reason if one is named. */
export const isSyncError = (value: unknown, reason?: SyncReason["_tag"]): value is SyncError =>
  value instanceof SyncError && (reason === undefined || value.reason._tag === reason)
