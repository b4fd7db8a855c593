/**
 * Writes a DNS message, at most `bytesMax` long.
 *
 * What does not fit its field is a `DnsFormatError`, thrown here and caught by `DnsMessage.encode`.
 */
import { DnsFormatError, type Problem } from "./DnsFormatError.ts"
import { labelsOf } from "./DnsName.ts"

/** Pointers hold 14 bits (RFC 1035 §4.1.4). */
const pointerMax = 0x3fff

export class WireWriter {
  offset = 0
  /** What is being written, for the error. */
  where: () => string = () => "header"
  readonly bytesMax: number
  private bytes = new Uint8Array(512)
  // Where each name, or the end of one, was written first.
  private readonly suffixes = new Map<string, number>()

  private readonly compresses: boolean

  constructor(bytesMax: number, compresses = true) {
    this.bytesMax = bytesMax
    this.compresses = compresses
  }

  fail(problem: Problem): never {
    throw new DnsFormatError({ problem, where: this.where(), offset: this.offset })
  }

  private grow(bytes: number): number {
    const start = this.offset
    const end = start + bytes
    if (end > this.bytesMax) this.fail("MessageTooLong")
    if (end > this.bytes.length) {
      const grown = new Uint8Array(Math.min(Math.max(end, this.bytes.length * 2), this.bytesMax))
      grown.set(this.bytes)
      this.bytes = grown
    }
    this.offset = end
    return start
  }

  private checked(value: number, max: number): number {
    return Number.isInteger(value) && value >= 0 && value <= max
      ? value
      : this.fail("ValueOutOfRange")
  }

  u8(value: number): void {
    const at = this.grow(1)
    this.bytes[at] = this.checked(value, 0xff)
  }

  u16(value: number): void {
    const at = this.grow(2)
    this.setU16(at, this.checked(value, 0xffff))
  }

  u32(value: number): void {
    const checked = this.checked(value, 0xffff_ffff)
    this.u16(Math.floor(checked / 0x1_0000))
    this.u16(checked % 0x1_0000)
  }

  put(bytes: Uint8Array): void {
    const at = this.grow(bytes.length)
    this.bytes.set(bytes, at)
  }

  /** What `write` writes, behind its length in 16 bits. */
  withLength(write: () => void): void {
    const at = this.grow(2)
    write()
    this.setU16(at, this.checked(this.offset - at - 2, 0xffff))
  }

  /** `isCompressible`: the rest of it may be a pointer to where it was written before. */
  name(text: string, isCompressible: boolean): void {
    const labels = labelsOf(text)
    if (typeof labels === "string") return this.fail(labels)
    for (let index = 0; index < labels.length; index++) {
      const suffix = keyOf(labels, index)
      const known = this.suffixes.get(suffix)
      if (known !== undefined && isCompressible && this.compresses) {
        return this.u16(0xc000 | known)
      }
      if (known === undefined && this.offset <= pointerMax) this.suffixes.set(suffix, this.offset)
      this.u8(labels[index]!.length)
      this.put(labels[index]!)
    }
    this.u8(0)
  }

  /** Forgets all that was written from `offset` on. */
  rewind(offset: number): void {
    this.offset = offset
    for (const [suffix, at] of this.suffixes) if (at >= offset) this.suffixes.delete(suffix)
  }

  setU16(at: number, value: number): void {
    this.bytes[at] = value >> 8
    this.bytes[at + 1] = value & 0xff
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.offset)
  }
}

const keyOf = (labels: ReadonlyArray<Uint8Array>, from: number): string => {
  let key = ""
  for (let index = from; index < labels.length; index++) {
    key += String.fromCharCode(labels[index]!.length, ...labels[index]!)
  }
  return key
}
