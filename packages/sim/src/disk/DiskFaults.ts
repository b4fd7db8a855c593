/**
 * How a disk fails: some operations in a thousand, as the seed has it, and the next ones in any
 * case.
 */
import type { Prng } from "../Prng.ts"

/** What a fault strikes; `metadata` is all else that is about names and attributes. */
export type DiskOperation = "open" | "read" | "write" | "sync" | "metadata"

/** Each is how many of a thousand operations of its kind it strikes: 0–1,000. */
export interface DiskFaults {
  /** The device fails: `DeviceError`. A write that fails writes nothing. */
  readonly readErrors: number
  readonly writeErrors: number
  /**
   * A sync fails, once: what it should have made durable is lost with the next loss of power,
   * though programs still see it, and later syncs succeed.
   */
  readonly syncErrors: number
  /** Of opening, and of all that is about names and attributes. */
  readonly metadataErrors: number
  /** A read gives fewer bytes than there are, at least one. */
  readonly shortReads: number
  /** A write takes fewer bytes than it was given, at least one. */
  readonly shortWrites: number
  /** An operation takes `stallNanos` more than it should. */
  readonly stalls: number
  readonly stallNanos: number
  /** A bit of what is read has turned, where the atlas allows it, until it is written over. */
  readonly bitRot: number
  /** A read gives bytes from another place of the file, where the atlas allows it. */
  readonly misdirectedReads: number
  /**
   * A write is durable at another place of the file, where the atlas allows it. Programs find out
   * when the disk has lost power.
   */
  readonly misdirectedWrites: number
}

export const noFaults: DiskFaults = {
  readErrors: 0,
  writeErrors: 0,
  syncErrors: 0,
  metadataErrors: 0,
  shortReads: 0,
  shortWrites: 0,
  stalls: 0,
  stallNanos: 0,
  bitRot: 0,
  misdirectedReads: 0,
  misdirectedWrites: 0
}

const rates = {
  open: "metadataErrors",
  read: "readErrors",
  write: "writeErrors",
  sync: "syncErrors",
  metadata: "metadataErrors"
} as const

export class FaultSource {
  faults: DiskFaults = noFaults
  /** Operations struck so far, of any kind; tells whether anything happened at all. */
  struck = 0
  private readonly draws: Prng
  private readonly next = { open: 0, read: 0, write: 0, sync: 0, metadata: 0 }

  constructor(draws: Prng) {
    this.draws = draws
  }

  /** The next `count` operations of that kind fail. */
  failNext(operation: DiskOperation, count: number): void {
    this.next[operation] = count
  }

  /** Whether the device fails this operation. */
  fails(operation: DiskOperation): boolean {
    if (this.next[operation] > 0) {
      this.next[operation]--
      this.struck++
      return true
    }
    return this.strikes(rates[operation])
  }

  /** Whether a fault strikes. Nothing is drawn for one that never does. */
  strikes(fault: Exclude<keyof DiskFaults, "stallNanos">): boolean {
    const perMille = this.faults[fault]
    // 0 is the mildest draw, so the last ones are those that strike.
    if (perMille === 0 || this.draws.below(1000) < 1000 - perMille) return false
    this.struck++
    return true
  }

  /** How many of `bytes`, at least one, a read gives or a write takes. */
  shorten(fault: "shortReads" | "shortWrites", bytes: number): number {
    if (bytes < 2 || !this.strikes(fault)) return bytes
    return bytes - 1 - this.draws.below(Math.min(bytes - 1, 2 ** 21))
  }
}
