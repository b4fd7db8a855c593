/** How much of a disk is taken, and how much may be: its own size, and the user's quota. */
import type { Errno } from "../kernel/Errno.ts"
import { pageBytes } from "./Content.ts"

export interface SpaceLimits {
  /** Of the device; beyond, `NoSpace`. */
  readonly capacityBytes: number
  /** Of the user; beyond, `NoSpace` as well, with a quota's own code. */
  readonly quotaBytes: number
  /** Files, directories and links. */
  readonly inodesMax: number
  /** Files that all processes may have open at once; beyond, `ResourceExhausted`. */
  readonly openFilesMax: number
}

/** What one takes on the disk besides its pages, and what a name in a directory takes. */
export const inodeBytes = 256
export const entryBytes = 64

export class Space {
  pages = 0
  inodes = 0
  entries = 0
  limits: SpaceLimits

  constructor(limits: SpaceLimits) {
    this.limits = limits
  }

  get bytes(): number {
    return this.pages * pageBytes + this.inodes * inodeBytes + this.entries * entryBytes
  }

  /** Pages that may still be added; may be less than none when limits were lowered. */
  get pagesFree(): number {
    const { capacityBytes, quotaBytes } = this.limits
    return Math.floor((Math.min(capacityBytes, quotaBytes) - this.bytes) / pageBytes)
  }

  /** Why so much more cannot be had. */
  refuses(bytes: number, inodes: number): Errno | undefined {
    const { capacityBytes, inodesMax, quotaBytes } = this.limits
    const wanted = this.bytes + bytes
    if (wanted > capacityBytes || this.inodes + inodes > inodesMax) return "noSpace"
    return wanted > quotaBytes ? "quotaExceeded" : undefined
  }
}
