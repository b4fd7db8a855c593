/** CRC-32C (Castagnoli; RFC 3720 §12.1), eight bytes a step: two words where they are aligned. */
import type { Bytes } from "../resp/Ascii.ts"

const polynomial = 0x82f6_3b78

/** Eight tables in one: what a byte does to the sum, with none to seven bytes behind it. */
const makeTables = (): Int32Array => {
  const tables = new Int32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let sum = byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? polynomial : 0)
    tables[byte] = sum
  }
  for (let place = 256; place < 8 * 256; place++) {
    const before = tables[place - 256]!
    tables[place] = (before >>> 8) ^ tables[before & 0xff]!
  }
  return tables
}

let made: Int32Array | undefined

/** The sum of nothing. */
export const empty = 0

const isLittleEndian = (): boolean => new Uint8Array(Uint32Array.of(1).buffer)[0] === 1

/** Bytes from which on it pays to look at words. */
const wordsFrom = 32

/** The state after two words. */
const step = (tables: Int32Array, first: number, second: number): number =>
  tables[1792 + (first & 0xff)]! ^
  tables[1536 + ((first >>> 8) & 0xff)]! ^
  tables[1280 + ((first >>> 16) & 0xff)]! ^
  tables[1024 + (first >>> 24)]! ^
  tables[768 + (second & 0xff)]! ^
  tables[512 + ((second >>> 8) & 0xff)]! ^
  tables[256 + ((second >>> 16) & 0xff)]! ^
  tables[second >>> 24]!

/** The sum of what `sum` is of, and then `bytes`. */
export const extend = (sum: number, bytes: Bytes, start = 0, end = bytes.length): number => {
  const tables = (made ??= makeTables())
  let state = ~sum
  let at = start
  const isAligned = ((bytes.byteOffset + start) & 3) === 0
  if (isAligned && end - start >= wordsFrom && isLittleEndian()) {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + start, (end - start) >>> 2)
    const last = words.length - 1
    for (let word = 0; word < last; word += 2) {
      state = step(tables, state ^ words[word]!, words[word + 1]!)
    }
    at = start + ((words.length >>> 1) << 3)
  }
  for (; at < end; at++) state = (state >>> 8) ^ tables[(state ^ bytes[at]!) & 0xff]!
  return ~state
}
