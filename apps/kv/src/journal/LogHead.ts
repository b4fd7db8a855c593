/**
 * What a log begins with: `PORTKV2` and a newline, a mark that was drawn for this file, and the
 * CRC-32C of both; four bytes each, little-endian.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { type Bytes, bytesOf, isEqual } from "../resp/Ascii.ts"
import * as Crc32c from "./Crc32c.ts"

const magic = bytesOf("PORTKV2\n")

/** Bytes of it. */
export const length = 16

export const make = (mark: number): Bytes => {
  const head = new Uint8Array(length)
  head.set(magic)
  const view = new DataView(head.buffer)
  view.setUint32(8, mark, true)
  view.setUint32(12, Crc32c.extend(Crc32c.empty, head, 0, 12) >>> 0, true)
  return head
}

/** A mark for a new file. */
export const drawMark: Effect.Effect<number> = Effect.map(Random.next, (one) =>
  Math.floor(one * 2 ** 32)
)

/** The mark of a file that begins so; undefined when it is no log's beginning, or is broken. */
export const markOf = (bytes: Bytes): number | undefined => {
  if (bytes.length < length) return undefined
  const mark = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true)
  return isEqual(bytes.subarray(0, length), make(mark)) ? mark : undefined
}
