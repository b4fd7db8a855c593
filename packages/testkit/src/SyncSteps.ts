/**
 * What a task of the laws does with locks, step by step: in real threads by the blocking classes,
 * in the simulator by the effects.
 */
import type { GateCell } from "./LawTasks.ts"

type Cell = SharedArrayBuffer

/** Each gives true, or what it is said to give; refused, the tag of the reason. */
export type SyncStep =
  | readonly ["lock" | "unlock", Cell]
  /** Whether it was free. */
  | readonly ["tryLock", Cell]
  | readonly ["lockRead" | "lockWrite" | "unlockEither", Cell]
  | readonly ["acquire" | "release", Cell, number]
  /** Whether it was the last. */
  | readonly ["arrive", Cell]
  /** Adds 1 to the first word, once. Whether it was run here. */
  | readonly ["once", Cell, Cell]
  | readonly ["wait", Cell]
  /** How many were notified. */
  | readonly ["notify", Cell, number]
  /** Adds 1 to the first word in two halves, between which others may come. */
  | readonly ["add", Cell]
  /** Adds 1 to the first word at once, and gives what was there. */
  | readonly ["count", Cell]
  /** Comes to a gate, and waits until it is open. */
  | readonly ["come", GateCell]
  /** Writes so many bytes into a ring, each its number modulo 251, in pieces, and closes. */
  | readonly ["produce", Cell, number]
  /** Reads a ring to its end; how many bytes, -1 when one was another than its number says. */
  | readonly ["consume", Cell]
  | readonly ["exit", number]

/** The bytes of a ring from `start` on. */
export const ringBytes = (start: number, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, index) => (start + index) % 251)

/** Whether they are. */
export const isRing = (bytes: Uint8Array, start: number): boolean =>
  bytes.every((byte, index) => byte === (start + index) % 251)

/** Sizes of the pieces in which so many bytes are written: small, odd, and larger than the ring. */
export const pieces = (bytes: number): ReadonlyArray<number> => {
  const sizes: Array<number> = []
  for (let left = bytes; left > 0; left -= sizes.at(-1)!) {
    sizes.push(Math.min(left, [1, 7, 63, 300, 5_001][sizes.length % 5]!))
  }
  return sizes
}
