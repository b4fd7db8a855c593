/**
 * Copies between simulated threads, after HTML's structured clone, of what programs send: plain
 * objects, arrays, maps, sets, dates, errors, buffers and their views. What is listed to be moved
 * is detached from whoever had it.
 */
const viewKinds = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array
]

interface DateLike {
  readonly getTime: () => number
  readonly constructor: unknown
}

// Not by the global, which a world must not name: it would tell the host's time.
const isDate = (value: object): value is DateLike =>
  Object.prototype.toString.call(value) === "[object Date]"

const copyDate = (date: DateLike): object =>
  Reflect.construct(date.constructor as new (millis: number) => object, [date.getTime()])

const refuse = (what: string): never => {
  throw new TypeError(`${what} could not be cloned`)
}

class Cloning {
  private readonly sharesMemory: boolean
  private readonly made = new Map<object, unknown>()

  constructor(sharesMemory: boolean) {
    this.sharesMemory = sharesMemory
  }

  copy(value: unknown): unknown {
    if (typeof value === "function" || typeof value === "symbol") return refuse(String(value))
    if (typeof value !== "object" || value === null) return value
    const known = this.made.get(value)
    if (known !== undefined) return known
    if (value instanceof SharedArrayBuffer) {
      return this.sharesMemory ? value : refuse("A SharedArrayBuffer")
    }
    if (value instanceof ArrayBuffer) return this.keep(value, value.slice(0))
    if (ArrayBuffer.isView(value)) return this.keep(value, this.copyView(value))
    if (value instanceof Error) return this.keep(value, this.copyError(value))
    if (isDate(value)) return this.keep(value, copyDate(value))
    if (Array.isArray(value)) return this.copyArray(value)
    if (value instanceof Map) return this.copyMap(value)
    if (value instanceof Set) return this.copySet(value)
    return this.copyObject(value)
  }

  private keep<A>(of: object, copy: A): A {
    this.made.set(of, copy)
    return copy
  }

  private copyView(view: ArrayBufferView): unknown {
    const buffer = this.copy(view.buffer) as ArrayBuffer
    const Kind = viewKinds.find((kind) => view instanceof kind)
    if (Kind === undefined) return new DataView(buffer, view.byteOffset, view.byteLength)
    const { length } = view as Uint8Array
    return new Kind(buffer, view.byteOffset, length)
  }

  private copyError(error: Error): Error {
    const copy = new Error(error.message)
    copy.name = error.name
    return copy
  }

  private copyArray(array: ReadonlyArray<unknown>): unknown {
    const copy = this.keep<Array<unknown>>(array, [])
    for (const one of array) copy.push(this.copy(one))
    return copy
  }

  private copyMap(map: ReadonlyMap<unknown, unknown>): unknown {
    const copy = this.keep(map, new Map<unknown, unknown>())
    for (const [key, one] of map) copy.set(this.copy(key), this.copy(one))
    return copy
  }

  private copySet(set: ReadonlySet<unknown>): unknown {
    const copy = this.keep(set, new Set<unknown>())
    for (const one of set) copy.add(this.copy(one))
    return copy
  }

  private copyObject(object: object): unknown {
    const copy = this.keep<Record<string, unknown>>(object, {})
    for (const [key, one] of Object.entries(object)) copy[key] = this.copy(one)
    return copy
  }
}

/** `ArrayBuffer.prototype.transfer` is of ECMAScript 2024. */
type Transferring = ArrayBuffer & { readonly transfer: () => ArrayBuffer }

/** The copy; throws what says why there is none, and then nothing was moved. */
export const clone = (
  value: unknown,
  transfer: ReadonlyArray<object>,
  sharesMemory = true
): unknown => {
  for (const one of transfer) {
    if (!(one instanceof ArrayBuffer)) refuse("What is moved and is no ArrayBuffer")
  }
  const copy = new Cloning(sharesMemory).copy(value)
  // Who had it has it no more; that the bytes were copied does not show.
  for (const one of transfer) (one as Transferring).transfer()
  return copy
}
