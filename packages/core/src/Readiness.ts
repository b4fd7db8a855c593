/**
 * What became true of a handle: the answer to an `Interest`.
 *
 * Ready means that a `try…` will not say "would block" now. It is a hint about this instant:
 * another fiber may take the bytes first, so a `try…` may still find nothing.
 */
export interface Readiness {
  readonly readable: boolean
  readonly writable: boolean
  /** The peer ended, reset, or the handle broke; a `try…` will say which. */
  readonly hangUp: boolean
}
