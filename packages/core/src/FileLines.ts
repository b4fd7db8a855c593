/** Bytes into lines: ended by a line feed, which is left out, and bounded. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { FileTail } from "./FileTail.ts"
import type { IoError } from "./IoError.ts"

const lineFeed = 10
const none = new Uint8Array(0)

export interface LineOptions {
  /**
   * A longer line is given in pieces of so many bytes, 1 to 64 MiB. Default 1 MiB. One out of its
   * bound dies with a `RangeError` that names it.
   */
  readonly lineBytesMax?: number | undefined
}

export const lineBytesMaxByDefault = 1024 * 1024
const lineBytesMaxMax = 64 * 1024 * 1024

/** Collects what is not a whole line yet. */
export class LineSplitter {
  private readonly lineBytesMax: number
  private rest: Uint8Array = none

  constructor(lineBytesMax: number = lineBytesMaxByDefault) {
    if (!Number.isInteger(lineBytesMax) || lineBytesMax < 1 || lineBytesMax > lineBytesMaxMax) {
      throw new RangeError(
        `lineBytesMax must be from 1 to ${lineBytesMaxMax} bytes: ${lineBytesMax}`
      )
    }
    this.lineBytesMax = lineBytesMax
  }

  /** The lines that are whole now. They may be views of `bytes`. */
  push(bytes: Uint8Array): ReadonlyArray<Uint8Array> {
    const lines: Array<Uint8Array> = []
    let from = 0
    for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, from)) {
      this.give(bytes.subarray(from, at), true, lines)
      from = at + 1
    }
    this.give(bytes.subarray(from), false, lines)
    return lines
  }

  /** What was begun is all there is of it. */
  end(): ReadonlyArray<Uint8Array> {
    const { rest } = this
    this.rest = none
    return rest.length === 0 ? [] : [rest]
  }

  private give(bytes: Uint8Array, isWhole: boolean, lines: Array<Uint8Array>): void {
    let line = this.rest.length === 0 ? bytes : joined(this.rest, bytes)
    this.rest = none
    while (line.length > this.lineBytesMax) {
      lines.push(line.subarray(0, this.lineBytesMax))
      line = line.subarray(this.lineBytesMax)
    }
    if (isWhole) lines.push(line)
    else if (line.length > 0) this.rest = line.slice()
  }
}

const joined = (one: Uint8Array, other: Uint8Array): Uint8Array => {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}

/**
 * The lines of a file that is followed, as they are completed. A line that was begun when its file
 * was rotated or cut is given as it is.
 */
export const ofTail = (
  tail: FileTail,
  options: LineOptions = {}
): Stream.Stream<Uint8Array, IoError> =>
  Stream.suspend(() => {
    const splitter = new LineSplitter(options.lineBytesMax)
    return Stream.fromEffectRepeat(
      Effect.map(tail.read, (event) =>
        event._tag === "Bytes" ? splitter.push(event.bytes) : splitter.end()
      )
    ).pipe(Stream.flattenIterable)
  })
