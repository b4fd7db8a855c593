/**
 * The host's loop, as core needs it: when to run, what time it is, and how to be woken.
 *
 * `TurnPort` is its counterpart for I/O. One thread has one loop, whatever the number of backends.
 */
import type { Phase } from "../Phase.ts"

export interface LoopPort {
  /**
   * Calls back once, in a later turn of the loop, after the host has polled its I/O (the check
   * phase of libuv), and without waiting: neither before that poll nor in it. Keeps the process
   * alive until then. At most one is armed at a time.
   */
  armTurn(callback: () => void): void
  /** Calls back after the host's current callback and before it waits again: a microtask. */
  soon(callback: () => void): void
  /** Milliseconds with fractions from a fixed point in the past; never goes backwards. */
  nowMillis(): number
  /** The same clock at its full resolution. */
  nowNanos(): bigint
  /**
   * Calls back once, `millis` from now: 0 to 2^31 - 1, an integer; as its clock has it, which may
   * be some tenths of a millisecond early by `nowMillis`. Timers of one length call back in the
   * order in which they were started.
   */
  startTimer(millis: number, callback: () => void): PortTimer
  /**
   * A way into this loop from other threads. `onWake` is called in a turn of its own; wakes that
   * come before it are one. Given to another thread, `cell` wakes it by `WakeUp.notify`.
   */
  openWakeUp(cell: SharedArrayBuffer | undefined, onWake: () => void): PortWakeUp
  /**
   * Calls back each time the loop enters `phase`, until removed; ref'd at first. Undefined for a
   * phase that the host does not show; the capability `phase…` says the same beforehand.
   */
  hookPhase(phase: Phase, callback: () => void): PortHook | undefined
  /**
   * The part of time, 0 to 1, that the loop was busy since it began, by the host's own count;
   * undefined where the host does not count. Core then computes it.
   */
  utilization(): number | undefined
  /** What the host says keeps the process alive, by its own names; empty where it does not say. */
  hostResources(): ReadonlyArray<string>
}

export interface PortTimer {
  /** It will not call back. Idempotent, also after it did. */
  cancel(): void
  setRef(isRef: boolean): void
}

export interface PortWakeUp {
  /** From this thread; `onWake` follows in a later turn, in the order of first wakes. */
  wake(): void
  setRef(isRef: boolean): void
  /** `onWake` is not called any more. */
  close(): void
}

export interface PortHook {
  setRef(isRef: boolean): void
  remove(): void
}
