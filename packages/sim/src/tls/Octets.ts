/** Numbers and vectors as TLS has them (RFC 8446 §3): big-endian, a vector after its length. */
import { Malformed } from "../x509/Malformed.ts"

export type Part = Uint8Array | ReadonlyArray<number>

export const join = (...parts: ReadonlyArray<Part>): Uint8Array => {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** `value` in `width` bytes, 1 to 6. */
export const number = (width: number, value: number): ReadonlyArray<number> =>
  Array.from({ length: width }, (_, at) => Math.floor(value / 256 ** (width - 1 - at)) % 256)

/** The parts as one vector, whose length takes `width` bytes. */
export const vector = (width: number, ...parts: ReadonlyArray<Part>): Uint8Array => {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  if (length >= 256 ** width) throw new Error(`A vector of ${length} bytes`)
  return join(number(width, length), ...parts)
}

/** Reads what nobody vouches for: throws `Malformed` at the first thing that is wrong. */
export class Octets {
  readonly bytes: Uint8Array
  private at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  get left(): number {
    return this.bytes.length - this.at
  }

  /** The next `length` bytes. Not a copy. */
  take(length: number): Uint8Array {
    if (length > this.left) throw new Malformed("the bytes end too early", this.at)
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  /** All that is left. Not a copy. */
  get rest(): Uint8Array {
    return this.take(this.left)
  }

  number(width: number): number {
    return this.take(width).reduce((sum, byte) => sum * 256 + byte, 0)
  }

  /** The inside of the next vector. */
  vector(width: number): Octets {
    return new Octets(this.take(this.number(width)))
  }

  /** `read` for as long as something is left. */
  list<A>(read: (octets: Octets) => A): ReadonlyArray<A> {
    const items: Array<A> = []
    while (this.left > 0) items.push(read(this))
    return items
  }

  finish(): void {
    if (this.left > 0) throw new Malformed("bytes behind the end", this.at)
  }
}
