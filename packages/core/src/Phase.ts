/**
 * The phases of one turn of an event loop, in their order (libuv's, see its design overview).
 *
 * The simulator has them all. A host shows some; the capability `phaseTimers`, `phasePending`, … of
 * the backend says which can be hooked.
 */
import type { Capability } from "./Capabilities.ts"

export type Phase = "timers" | "pending" | "idle" | "prepare" | "poll" | "check" | "closing"

/** In the order of a turn. */
export const all: ReadonlyArray<Phase> = [
  /** Timers whose time has come. */
  "timers",
  /** Callbacks that an earlier turn put off. */
  "pending",
  /** Each turn, before waiting; while one is ref'd, the loop does not wait at all. */
  "idle",
  /** Each turn, right before the loop polls for I/O. */
  "prepare",
  /** I/O: the loop waits here, when nothing else is to be done. */
  "poll",
  /** Each turn, right after the poll. Fibers run here. */
  "check",
  /** Reports of handles that were closed. */
  "closing"
]

export const capability: { readonly [P in Phase]: Capability } = {
  timers: "phaseTimers",
  pending: "phasePending",
  idle: "phaseIdle",
  prepare: "phasePrepare",
  poll: "phasePoll",
  check: "phaseCheck",
  closing: "phaseClosing"
}
