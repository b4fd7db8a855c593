/**
 * Decisions as bytes. Numbers are variable-length integers, seven bits a byte, low bits first.
 *
 *   length  entries  { kind + 16 × has value, count, value or run } …  { label hash, 4 bytes } …
 */
import { type Decisions, decisionsPerHash, type Entry, kindsMax } from "./Decisions.ts"

export const encode = (decisions: Decisions): Uint8Array => {
  const bytes: Array<number> = []
  putNumber(bytes, decisions.length)
  putNumber(bytes, decisions.entries.length)
  for (const { count, kind, run, value } of decisions.entries) {
    bytes.push(kind + (value === 0 ? 0 : kindsMax))
    putNumber(bytes, count)
    putNumber(bytes, value === 0 ? run : value)
  }
  for (const hash of decisions.labelHashes) {
    for (let shift = 0; shift < 32; shift += 8) bytes.push((hash >>> shift) & 0xff)
  }
  return Uint8Array.from(bytes)
}

/** Throws `RangeError` unless `encode` made them. */
export const decode = (bytes: Uint8Array): Decisions => {
  const reader = new Reader(bytes)
  const length = reader.number()
  const entriesCount = reader.number()
  const entries: Array<Entry> = []
  let sum = 0
  for (let index = 0; index < entriesCount; index++) {
    const entry = readEntry(reader)
    sum += entry.run
    entries.push(entry)
  }
  if (sum !== length) throw malformed(`entries for ${sum} of ${length} decisions`)
  const hashes = Math.floor(length / decisionsPerHash)
  const labelHashes = Array.from({ length: hashes }, () => reader.word())
  if (!reader.isAtEnd) throw malformed("bytes are left")
  return { entries, length, labelHashes }
}

const readEntry = (reader: Reader): Entry => {
  const head = reader.byte()
  const count = reader.number()
  const rest = reader.number()
  const isDeviation = head >= kindsMax
  if (head >= kindsMax * 2 || rest === 0 || (isDeviation && rest >= count)) {
    throw malformed(`an entry of ${head}, ${count} and ${rest}`)
  }
  return {
    kind: head % kindsMax,
    count,
    value: isDeviation ? rest : 0,
    run: isDeviation ? 1 : rest
  }
}

const putNumber = (bytes: Array<number>, value: number): void => {
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80)
  bytes.push(rest)
}

class Reader {
  private readonly bytes: Uint8Array
  private offset = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.offset === this.bytes.length
  }

  byte(): number {
    const byte = this.bytes[this.offset++]
    if (byte === undefined) throw malformed("they end too early")
    return byte
  }

  number(): number {
    let value = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte()
      value += (byte % 0x80) * scale
      if (value > Number.MAX_SAFE_INTEGER) throw malformed("a number beyond 2^53")
      if (byte < 0x80) return value
    }
  }

  word(): number {
    let word = 0
    for (let shift = 0; shift < 32; shift += 8) word |= this.byte() << shift
    return word >>> 0
  }
}

const malformed = (what: string) => new RangeError(`These bytes are no decisions: ${what}`)
