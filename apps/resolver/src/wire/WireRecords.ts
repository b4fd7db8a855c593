/** The records of a message that was decoded without complaint, where they lie in its bytes. */
import { headerBytes } from "./QueryView.ts"
import { type Bytes, u16, u32 } from "./Octets.ts"

export interface WireRecord {
  /** 0 to 2: answer, authority, additional. */
  readonly section: number
  readonly start: number
  readonly type: number
  readonly ttlOffset: number
  /** As `DnsMessage` reads it: what has the highest bit set is 0 (RFC 2181 §8). */
  readonly ttlSeconds: number
  /** Where its data ends. */
  readonly end: number
}

const ttlMax = 0x7fff_ffff

/** Where a name that begins at `start` ends. */
const nameEnd = (bytes: Bytes, start: number): number => {
  let at = start
  for (;;) {
    const length = bytes[at]!
    if (length >= 0xc0) return at + 2
    at += length + 1
    if (length === 0) return at
  }
}

export const questionEndOf = (message: Bytes): number => nameEnd(message, headerBytes) + 4

/** In order. The message has one question. */
export const recordsOf = (message: Bytes): ReadonlyArray<WireRecord> => {
  const records: Array<WireRecord> = []
  let at = questionEndOf(message)
  for (let section = 0; section < 3; section++) {
    const count = u16(message, 6 + 2 * section)
    for (let number = 0; number < count; number++) {
      const start = at
      const fields = nameEnd(message, at)
      const ttl = u32(message, fields + 4)
      at = fields + 10 + u16(message, fields + 8)
      records.push({
        section,
        start,
        type: u16(message, fields),
        ttlOffset: fields + 4,
        ttlSeconds: ttl > ttlMax ? 0 : ttl,
        end: at
      })
    }
  }
  return records
}
