/**
 * A task came to nothing: in which lane, which task, why.
 *
 * An error of its own beside `IoError`: its reasons are about threads and what runs in them, and a
 * program that only does I/O should not have to name them.
 */
import * as Data from "effect/Data"
import * as PoolReason from "./PoolReason.ts"

export class PoolError extends Data.TaggedError("PoolError")<{
  /** The lane's name. */
  readonly lane: string
  /** `sha256 of file:///app/hashing.ts`; undefined where there is none. */
  readonly task?: string | undefined
  readonly reason: PoolReason.PoolReason
}> {
  override get message(): string {
    const task = this.task === undefined ? "" : `, ${this.task}`
    return `Lane ${this.lane}${task}: ${PoolReason.format(this.reason)}`
  }
}

/** Whether `value` is a `PoolError`, of the given reason if one is named. */
export const isPoolError = (
  value: unknown,
  reason?: PoolReason.PoolReason["_tag"]
): value is PoolError =>
  value instanceof PoolError && (reason === undefined || value.reason._tag === reason)
