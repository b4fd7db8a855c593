/**
 * Reads DER (ITU-T X.690 §10) from bytes that nobody vouches for: tags of one byte, lengths that
 * are definite, as short as can be, and within what is around them. Work is bounded by the length
 * of the bytes, depth by the callers, none of which calls itself.
 */
import { Malformed } from "./Malformed.ts"

export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  numeric: 0x12,
  printable: 0x13,
  teletex: 0x14,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visible: 0x1a,
  universal: 0x1c,
  bmp: 0x1e,
  sequence: 0x30,
  set: 0x31
} as const

/** Context-specific: `[number]`, with elements inside or without. */
export const constructed = (number: number): number => 0xa0 | number
export const primitive = (number: number): number => 0x80 | number

export class Der {
  readonly bytes: Uint8Array
  /** Where the next element begins. */
  offset: number
  readonly end: number

  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.bytes = bytes
    this.offset = offset
    this.end = end
  }

  fail(problem: string, offset = this.offset): never {
    throw new Malformed(problem, offset)
  }

  get isAtEnd(): boolean {
    return this.offset === this.end
  }

  /** The tag of the next element; undefined at the end. */
  get tag(): number | undefined {
    return this.offset < this.end ? this.bytes[this.offset]! : undefined
  }

  /** The next element's inside, behind which this goes on. Any tag without one. */
  enter(tag?: number): Der {
    const start = this.offset
    if (this.end - start < 2) this.fail("the bytes end in an element")
    const found = this.bytes[start]!
    if (tag !== undefined && found !== tag) {
      this.fail(`tag ${hex(found)} in the place of ${hex(tag)}`)
    }
    if ((found & 0x1f) === 0x1f) this.fail("a tag of several bytes")
    const [header, length] = this.length(start + 1)
    const inside = start + 1 + header
    if (length > this.end - inside) this.fail("an element is longer than what holds it")
    this.offset = inside + length
    return new Der(this.bytes, inside, this.offset)
  }

  private length(at: number): readonly [header: number, length: number] {
    const first = this.bytes[at]!
    if (first < 0x80) return [1, first]
    const count = first & 0x7f
    if (count === 0) this.fail("an indefinite length", at)
    if (count > 4) this.fail("a length of more than 4 bytes", at)
    if (count > this.end - at - 1) this.fail("the bytes end in a length", at)
    let length = 0
    for (let index = 1; index <= count; index++) length = length * 256 + this.bytes[at + index]!
    const isShortest = length >= 0x80 && (count === 1 || length >= 256 ** (count - 1))
    if (!isShortest) this.fail("a length that is not the shortest", at)
    return [1 + count, length]
  }

  /** `enter` where the next element has the tag. */
  enterIf(tag: number): Der | undefined {
    return this.tag === tag ? this.enter(tag) : undefined
  }

  /** The next element whole, tag and length included. */
  whole(tag?: number): Uint8Array {
    const start = this.offset
    this.enter(tag)
    return this.bytes.subarray(start, this.offset)
  }

  /** What is left. Not a copy. */
  get rest(): Uint8Array {
    return this.bytes.subarray(this.offset, this.end)
  }

  /** Nothing may follow. */
  finish(): void {
    if (!this.isAtEnd) this.fail("bytes behind the last element")
  }

  boolean(): boolean {
    const inside = this.enter(Tag.boolean)
    const value = inside.rest
    if (value.length !== 1 || (value[0] !== 0 && value[0] !== 0xff)) inside.fail("no boolean")
    return value[0] === 0xff
  }

  /** The bytes of an integer that is not negative, without leading zeros (0 is no byte). */
  unsigned(): Uint8Array {
    const inside = this.enter(Tag.integer)
    const value = inside.integer()
    if (value[0]! >= 0x80) inside.fail("a negative integer")
    return value[0] === 0 ? value.subarray(1) : value
  }

  /** The bytes of an integer, two's complement, of which `this` is the inside. */
  integer(): Uint8Array {
    const value = this.rest
    const [first, second] = value
    if (first === undefined) this.fail("an integer without bytes")
    const isLong = second !== undefined && first === (second < 0x80 ? 0 : 0xff)
    if (isLong) this.fail("an integer that is not the shortest")
    return value
  }

  /** An integer from 0 to 2^31 - 1. */
  small(): number {
    const value = this.unsigned()
    if (value.length > 4 || (value.length === 4 && value[0]! >= 0x80)) this.fail("a large integer")
    return value.reduce((sum, byte) => sum * 256 + byte, 0)
  }

  /** A bit string of whole bytes. */
  bits(tag: number = Tag.bitString): Uint8Array {
    const inside = this.enter(tag)
    if (inside.rest[0] !== 0) inside.fail("a bit string that is not of whole bytes")
    return inside.rest.subarray(1)
  }
}

const hex = (byte: number): string => `0x${byte.toString(16).padStart(2, "0")}`
