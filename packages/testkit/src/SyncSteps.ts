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
  | readonly ["exit", number]
