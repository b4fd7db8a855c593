/**
 * Small plain values as bytes, so that they need no message: what structured clone would make of
 * them, and nothing else.
 *
 * A message costs both threads several microseconds, writing a few numbers and words here a part of
 * one. What is not plain (a class, a buffer, a hole, one object twice) is for a message.
 */
const Tag = {
  undefined: 0,
  null: 1,
  true: 2,
  false: 3,
  integer: 4,
  number: 5,
  latin: 6,
  wide: 7,
  array: 8,
  object: 9
} as const

/** Objects and arrays in one value, and how deep they may be nested. */
const objectsMax = 32
const depthMax = 8

const tooMuch = -1

export class PlainCodec {
  private readonly bytes: Uint8Array
  private readonly view: DataView
  private position = 0
  private end = 0
  private readonly seen: Array<object> = []

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Bytes written from `start`, at most `bytesMax`; -1 when it is not for here. */
  write(value: unknown, start: number, bytesMax: number): number {
    this.position = start
    this.end = start + bytesMax
    const isWritten = this.put(value, 0)
    this.seen.length = 0
    return isWritten ? this.position - start : tooMuch
  }

  read(start: number): unknown {
    this.position = start
    return this.take()
  }

  private put(value: unknown, depth: number): boolean {
    // The longest tag with a length or a number.
    if (this.position + 9 > this.end) return false
    switch (typeof value) {
      case "undefined":
        return this.tag(Tag.undefined)
      case "boolean":
        return this.tag(value ? Tag.true : Tag.false)
      case "number":
        return this.putNumber(value)
      case "string":
        return this.putString(value)
      case "object":
        return value === null ? this.tag(Tag.null) : this.putObject(value, depth)
      default:
        return false
    }
  }

  private tag(tag: number): true {
    this.bytes[this.position++] = tag
    return true
  }

  private putNumber(value: number): true {
    if (value === (value | 0) && !Object.is(value, -0)) {
      this.tag(Tag.integer)
      this.view.setInt32(this.position, value, true)
      this.position += 4
    } else {
      this.tag(Tag.number)
      this.view.setFloat64(this.position, value, true)
      this.position += 8
    }
    return true
  }

  private putString(value: string): boolean {
    const { length } = value
    if (this.position + 3 + length > this.end) return false
    const start = this.position
    const { bytes } = this
    bytes[start] = Tag.latin
    this.view.setUint16(start + 1, length, true)
    let position = start + 3
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index)
      if (code > 255) return this.putWide(value, start)
      bytes[position++] = code
    }
    this.position = position
    return true
  }

  private putWide(value: string, start: number): boolean {
    const { length } = value
    if (start + 3 + length * 2 > this.end) return false
    this.bytes[start] = Tag.wide
    let position = start + 3
    for (let index = 0; index < length; index++) {
      this.view.setUint16(position, value.charCodeAt(index), true)
      position += 2
    }
    this.position = position
    return true
  }

  private putObject(value: object, depth: number): boolean {
    const { seen } = this
    if (depth === depthMax || seen.length === objectsMax || seen.includes(value)) return false
    seen.push(value)
    if (Array.isArray(value)) return this.putArray(value, depth)
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype) return false
    const keys = Object.keys(value)
    this.tag(Tag.object)
    this.view.setUint16(this.position, keys.length, true)
    this.position += 2
    for (const key of keys) {
      if (key === "__proto__" || !this.putString(key)) return false
      if (!this.put((value as Record<string, unknown>)[key], depth + 1)) return false
    }
    return true
  }

  // One with holes or with names beside its elements has not as many keys as elements.
  private putArray(value: ReadonlyArray<unknown>, depth: number): boolean {
    const { length } = value
    if (length > slotElementsMax || Object.keys(value).length !== length) return false
    this.tag(Tag.array)
    this.view.setUint16(this.position, length, true)
    this.position += 2
    for (let index = 0; index < length; index++) {
      if (!this.put(value[index], depth + 1)) return false
    }
    return true
  }

  private take(): unknown {
    switch (this.bytes[this.position++]) {
      case Tag.undefined:
        return undefined
      case Tag.null:
        return null
      case Tag.true:
        return true
      case Tag.false:
        return false
      case Tag.integer:
        this.position += 4
        return this.view.getInt32(this.position - 4, true)
      case Tag.number:
        this.position += 8
        return this.view.getFloat64(this.position - 8, true)
      case Tag.latin:
        return this.takeString(1)
      case Tag.wide:
        return this.takeString(2)
      case Tag.array:
        return this.takeArray()
      default:
        return this.takeObject()
    }
  }

  private takeLength(): number {
    this.position += 2
    return this.view.getUint16(this.position - 2, true)
  }

  private takeString(width: 1 | 2): string {
    const length = this.takeLength()
    let text = ""
    for (let index = 0; index < length; index++) {
      const place = this.position
      const code = width === 1 ? this.bytes[place]! : this.view.getUint16(place, true)
      text += String.fromCharCode(code)
      this.position += width
    }
    return text
  }

  private takeArray(): Array<unknown> {
    const length = this.takeLength()
    const array: Array<unknown> = []
    for (let index = 0; index < length; index++) array.push(this.take())
    return array
  }

  private takeObject(): Record<string, unknown> {
    const object: Record<string, unknown> = {}
    for (let left = this.takeLength(); left > 0; left--) {
      this.position++
      const width = this.bytes[this.position - 1] === Tag.latin ? 1 : 2
      const key = this.takeString(width)
      object[key] = this.take()
    }
    return object
  }
}

/** Each takes a byte at least. */
const slotElementsMax = 512
