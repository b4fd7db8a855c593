/**
 * What a caller is waiting for on a handle.
 *
 * `Interest` is the question; the answer is a `Readiness`, which can also report conditions that
 * nobody may ask for, such as a hang-up.
 */
export interface Interest {
  readonly read: boolean
  readonly write: boolean
}

/** Bytes, a connection to accept, the end of the stream, or a failure to be told of. */
export const read: Interest = { read: true, write: false }
/** Room for at least one byte, or a failure to be told of. */
export const write: Interest = { read: false, write: true }
export const both: Interest = { read: true, write: true }
