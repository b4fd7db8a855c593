/** How long operations take: a device that does one after another, behind a host's own cost. */
import type { FaultSource } from "./DiskFaults.ts"

export interface DiskSpeed {
  /** What an operation takes besides the device's work, in nanoseconds; at least 1. */
  readonly latencyNanos: number
  /** What a flush of the device's cache takes on top. */
  readonly syncNanos: number
  /** Operations that the device does in a second; infinite for no limit. */
  readonly operationsPerSecond: number
  /** Bytes that the device reads or writes in a second; infinite for no limit. */
  readonly bytesPerSecond: number
}

/** A fast disk with a cache of its own. */
export const fastDisk: DiskSpeed = {
  latencyNanos: 10_000,
  syncNanos: 100_000,
  operationsPerSecond: Infinity,
  bytesPerSecond: 2_000_000_000
}

/** What a cloud's network disk does. */
export const slowDisk: DiskSpeed = {
  latencyNanos: 1_000_000,
  syncNanos: 5_000_000,
  operationsPerSecond: 25_000,
  bytesPerSecond: 150_000_000
}

export class Device {
  speed: DiskSpeed = fastDisk
  private readonly faults: FaultSource
  /** Virtual time at which it has done all it was given. */
  private freeAt = 0

  constructor(faults: FaultSource) {
    this.faults = faults
  }

  /** It has nothing to do. */
  reset(): void {
    this.freeAt = 0
  }

  /** Takes an operation, at `now`; in how many nanoseconds it will be done: an integer >= 1. */
  take(now: number, bytes: number, isSync: boolean): number {
    const { bytesPerSecond, latencyNanos, operationsPerSecond, syncNanos } = this.speed
    const work = 1e9 / operationsPerSecond + (bytes * 1e9) / bytesPerSecond
    const stall = this.faults.strikes("stalls") ? this.faults.faults.stallNanos : 0
    const done = Math.max(now, this.freeAt) + Math.ceil(work) + (isSync ? syncNanos : 0) + stall
    this.freeAt = done
    return done - now + latencyNanos
  }
}
