/**
 * Why a synchronisation came to nothing: plain data, which threads without Effect can make as well.
 */
export type SyncReason =
  /** Released, or waited for a notification, without holding it. Nothing has changed. */
  | { readonly _tag: "NotOwner" }
  /** This fiber or thread holds it already: waiting for itself would be for ever. */
  | { readonly _tag: "AlreadyOwner" }
  /** More than there can ever be; with `permits` this would make. Nothing has changed. */
  | { readonly _tag: "OverMaximum"; readonly permits: number; readonly permitsMax: number }
  /**
   * Who held it has ended without releasing it, or in the midst of changing it: what it guards may
   * be half done. It stays so; make a new one.
   */
  | { readonly _tag: "Broken" }
  /** As many hold it or wait for it as there are places. */
  | { readonly _tag: "TooManyWaiters"; readonly waitersMax: number }
  /** This thread has no seat in the table that it belongs to (`ThreadSeat`). */
  | { readonly _tag: "NoSeat" }
  /** It is closed, or this thread counts as gone. */
  | { readonly _tag: "Closed" }
  /** A blocking wait was not over in time. */
  | { readonly _tag: "TimedOut"; readonly waitMaxMillis: number }
  /** The task that waited, blocking its thread, was asked to stop. */
  | { readonly _tag: "Cancelled" }
  /** An option is out of its bound. Nothing was attempted. */
  | {
      readonly _tag: "InvalidArgument"
      readonly argument: string
      readonly bound: string
      readonly value: string
    }

export const NotOwner: SyncReason = { _tag: "NotOwner" }
export const AlreadyOwner: SyncReason = { _tag: "AlreadyOwner" }
export const Broken: SyncReason = { _tag: "Broken" }
export const NoSeat: SyncReason = { _tag: "NoSeat" }
export const Closed: SyncReason = { _tag: "Closed" }
export const Cancelled: SyncReason = { _tag: "Cancelled" }

/** Undefined when `value` is an integer from `min` to `max`. */
export const outside = (
  argument: string,
  value: number,
  min: number,
  max: number
): SyncReason | undefined =>
  Number.isInteger(value) && value >= min && value <= max
    ? undefined
    : {
        _tag: "InvalidArgument",
        argument,
        bound: `an integer from ${min} to ${max}`,
        value: String(value)
      }

/** One line for people: the noun, then the facts it carries. */
export const format = (reason: SyncReason): string => {
  switch (reason._tag) {
    case "OverMaximum":
      return `OverMaximum (${reason.permits} permits of ${reason.permitsMax})`
    case "TooManyWaiters":
      return `TooManyWaiters (${reason.waitersMax})`
    case "TimedOut":
      return `TimedOut (after ${reason.waitMaxMillis} ms)`
    case "InvalidArgument":
      return `InvalidArgument (${reason.argument} must be ${reason.bound}: ${reason.value})`
    default:
      return reason._tag
  }
}
