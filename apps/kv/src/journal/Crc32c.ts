/** CRC-32C (Castagnoli; RFC 3720 §12.1), four bytes a step. */
import type { Bytes } from "../resp/Ascii.ts"

const polynomial = 0x82f6_3b78

/** Four tables in one: what a byte does to the sum, with none to three bytes behind it. */
const makeTables = (): Int32Array => {
  const tables = new Int32Array(4 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let sum = byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? polynomial : 0)
    tables[byte] = sum
  }
  for (let place = 256; place < 4 * 256; place++) {
    const before = tables[place - 256]!
    tables[place] = (before >>> 8) ^ tables[before & 0xff]!
  }
  return tables
}

let made: Int32Array | undefined

/** The sum of nothing. */
export const empty = 0

/** The sum of what `sum` is of, and then `bytes`. */
export const extend = (sum: number, bytes: Bytes, start = 0, end = bytes.length): number => {
  const tables = (made ??= makeTables())
  let state = ~sum
  let at = start
  for (; at + 4 <= end; at += 4) {
    state ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    state =
      tables[768 + (state & 0xff)]! ^
      tables[512 + ((state >>> 8) & 0xff)]! ^
      tables[256 + ((state >>> 16) & 0xff)]! ^
      tables[state >>> 24]!
  }
  for (; at < end; at++) state = (state >>> 8) ^ tables[(state ^ bytes[at]!) & 0xff]!
  return ~state
}
