/** A disk that laws may take the power of, and make fail: one that nobody else needs. */
import type * as Effect from "effect/Effect"

export interface LawDisk {
  /**
   * Loses power, and has it again. Of what was not synced nothing is left (`all` is lost), or any
   * part of it that a file system may leave (`random`).
   */
  readonly crash: (lost: "all" | "random") => Effect.Effect<unknown>
  /** The device fails the next `count` operations of this kind. */
  readonly failNext: (operation: "read" | "write" | "sync", count: number) => Effect.Effect<void>
  /** What it holds now, in bytes. */
  readonly usage: Effect.Effect<{ readonly bytes: number }>
  readonly setLimits: (limits: { readonly capacityBytes: number }) => Effect.Effect<void>
}
