/**
 * A query as it lies in its bytes: what is said of it is read, and nothing is allocated.
 *
 * Most queries are a header, one question and perhaps an OPT record (RFC 6891). Those are read
 * here; one with other records is decoded, to know whether it is well formed.
 */
import { DnsMessage, RecordCode } from "@portico/core"
import * as Result from "effect/Result"
import { type Bytes, isUpper, u16 } from "./Octets.ts"

export const headerBytes = 12

const responseBit = 0x80
const opcodeBits = 0x78
const recursionDesiredBit = 0x01
const checkingDisabledBit = 0x10
const dnssecOkBit = 0x80

const labelBytesMax = 63
const nameBytesMax = 255
const typeAndClassBytes = 4
/** Owner, type, class, TTL and length of an OPT record. */
const optBytes = 11

/** What a datagram or a TCP message turned out to be. */
export type Reading =
  | "Query"
  /** Too short for a header: there is nobody to tell. */
  | "Short"
  /** A response (QR); whoever answers those can be made to answer for ever. */
  | "Response"
  | "Malformed"
  | "UnknownOpcode"
  | "UnknownVersion"

/** One serves for any number of queries, one after the other. */
export class QueryView {
  bytes: Bytes = new Uint8Array(headerBytes)
  /** Where the question ends; 12 where there is none that can be read. */
  questionEnd = headerBytes
  type = 0
  class = 0
  /** Of the question, in lower case, and of `flags`. */
  hash = 0
  hasEdns = false
  /** DO: the client wants DNSSEC records (RFC 3225). */
  dnssecOk = false
  /** What the client says it takes over UDP, in bytes, as it says it. */
  udpBytesMax = DnsMessage.udpBytesMax
  private edns = 0
  private readonly seed: number

  /** `seed` keeps strangers from choosing names whose hashes are one. */
  constructor(seed: number) {
    this.seed = seed | 0
  }

  get recursionDesired(): boolean {
    return (this.bytes[2]! & recursionDesiredBit) !== 0
  }

  get checkingDisabled(): boolean {
    return (this.bytes[3]! & checkingDisabledBit) !== 0
  }

  /** What of a query, beside its question, makes another answer. */
  get flags(): number {
    return (this.dnssecOk ? 2 : 0) | (this.checkingDisabled ? 1 : 0)
  }

  /** The name as text. */
  get questionBytes(): number {
    return this.questionEnd - headerBytes
  }

  /** Reads `bytes`, which stay the caller's and must not change while they are looked at here. */
  read(bytes: Bytes): Reading {
    this.bytes = bytes
    this.questionEnd = headerBytes
    this.hasEdns = false
    this.dnssecOk = false
    this.udpBytesMax = DnsMessage.udpBytesMax
    if (bytes.length < headerBytes) return "Short"
    if ((bytes[2]! & responseBit) !== 0) return "Response"
    if ((bytes[2]! & opcodeBits) !== 0) return "UnknownOpcode"
    if (u16(bytes, 4) !== 1 || u16(bytes, 6) !== 0 || u16(bytes, 8) !== 0) return "Malformed"
    if (!this.readQuestion()) return "Malformed"
    const additionals = u16(bytes, 10)
    const end = this.questionEnd
    if (additionals === 0 ? end !== bytes.length : !this.readAdditionals(additionals)) {
      return "Malformed"
    }
    if (this.hasEdns && this.edns !== 0) return "UnknownVersion"
    if (this.type === RecordCode.opt) return "Malformed"
    if (this.flags !== 0) this.hash = mixed(this.hash ^ this.flags)
    return "Query"
  }

  private readQuestion(): boolean {
    const { bytes } = this
    let hash = this.seed
    let at = headerBytes
    for (;;) {
      const length = bytes[at]
      if (length === undefined || length > labelBytesMax) return false
      hash = Math.imul(hash ^ length, fnvPrime)
      at++
      if (length === 0) break
      const end = at + length
      if (end - headerBytes >= nameBytesMax || end > bytes.length) return false
      for (; at < end; at++) {
        const byte = bytes[at]!
        hash = Math.imul(hash ^ (isUpper(byte) ? byte | 0x20 : byte), fnvPrime)
      }
    }
    if (at + typeAndClassBytes > bytes.length) return false
    this.type = u16(bytes, at)
    this.class = u16(bytes, at + 2)
    this.hash = mixed(Math.imul(hash ^ this.type, fnvPrime) ^ this.class)
    this.questionEnd = at + typeAndClassBytes
    return true
  }

  private readAdditionals(count: number): boolean {
    const { bytes, questionEnd: at } = this
    const isOptAlone =
      count === 1 &&
      at + optBytes <= bytes.length &&
      bytes[at] === 0 &&
      u16(bytes, at + 1) === RecordCode.opt &&
      at + optBytes + u16(bytes, at + 9) === bytes.length
    if (!isOptAlone) return this.decodeAdditionals()
    this.hasEdns = true
    this.udpBytesMax = u16(bytes, at + 3)
    this.edns = bytes[at + 6]!
    this.dnssecOk = (bytes[at + 7]! & dnssecOkBit) !== 0
    return areOptions(bytes, at + optBytes)
  }

  private decodeAdditionals(): boolean {
    const decoded = DnsMessage.decode(this.bytes)
    if (Result.isFailure(decoded)) return false
    const { edns } = decoded.success
    if (edns === undefined) return true
    this.hasEdns = true
    this.udpBytesMax = edns.udpBytesMax
    this.edns = edns.version
    this.dnssecOk = edns.dnssecOk
    return true
  }

  /** Whether it asks the question that `asked` holds in lower case. */
  asks(asked: Bytes): boolean {
    const { bytes } = this
    const length = this.questionBytes
    if (asked.length !== length) return false
    for (let index = 0; index < length; index++) {
      const byte = bytes[headerBytes + index]!
      if (byte === asked[index]) continue
      // Type and class have upper case letters as well: those are no letters.
      if (index >= length - typeAndClassBytes) return false
      if (!isUpper(byte) || (byte | 0x20) !== asked[index]) return false
    }
    return true
  }

  /** The question in lower case (RFC 4343), in memory of its own. */
  question(): Bytes {
    const question = this.bytes.slice(headerBytes, this.questionEnd)
    const nameEnd = question.length - typeAndClassBytes
    for (let at = 0; at < nameEnd; at++) if (isUpper(question[at]!)) question[at]! |= 0x20
    return question
  }
}

// FNV-1a, then the mixing of MurmurHash3: neighbouring names end far apart.
const fnvPrime = 0x0100_0193

const mixed = (hash: number): number => {
  let bits = hash
  bits = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35)
  return bits ^ (bits >>> 16)
}

/** RFC 6891 §6.1.2: code, length and as many bytes, up to the end. */
const areOptions = (bytes: Bytes, start: number): boolean => {
  let at = start
  while (at + 4 <= bytes.length) at += 4 + u16(bytes, at + 2)
  return at === bytes.length
}
