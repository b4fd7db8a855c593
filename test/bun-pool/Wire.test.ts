import { describe, expect, it } from "vitest"
import { decode, encode } from "./Wire.ts"

const roundTrip = (value: unknown) => decode(encode(value))

describe("Wire", () => {
  it("keeps what JSON loses: undefined, odd numbers, bigint", () => {
    const value = { a: undefined, b: [Number.NaN, Infinity, -Infinity, -0], c: 10n, d: null }
    expect(roundTrip(value)).toStrictEqual(value)
    expect(Object.is((roundTrip([-0]) as ReadonlyArray<number>)[0], -0)).toBe(true)
    expect(roundTrip(undefined)).toBe(undefined)
  })

  it("keeps text that looks like its own notation", () => {
    const value = ["undefined", "nNaN", "b1", ["0"], [0]]
    expect(roundTrip(value)).toStrictEqual(value)
  })

  it("keeps Map, Set, Date, RegExp and bytes", () => {
    const value = {
      map: new Map<unknown, unknown>([[{ key: 1 }, "one"]]),
      set: new Set([1, "two"]),
      date: new Date(0),
      regexp: /a+/gi,
      bytes: new Uint8Array([0, 255])
    }
    expect(roundTrip(value)).toStrictEqual(value)
  })

  it("keeps an error's name, message, stack, cause and own fields", () => {
    const error = Object.assign(new TypeError("no", { cause: new Error("why") }), { code: 7 })
    const copy = roundTrip(error) as TypeError & { readonly code: number; readonly cause: Error }
    expect(copy).toBeInstanceOf(Error)
    expect([copy.name, copy.message, copy.stack, copy.code, copy.cause.message]).toStrictEqual([
      "TypeError",
      "no",
      error.stack,
      7,
      "why"
    ])
  })

  it("keeps cycles and shared references", () => {
    const shared = { n: 1 }
    const value: { self?: unknown; readonly list: ReadonlyArray<object> } = {
      list: [shared, shared]
    }
    value.self = value
    const copy = roundTrip(value) as typeof value
    expect(copy.self).toBe(copy)
    expect(copy.list[0]).toBe(copy.list[1])
  })

  it("carries a value nested deeper than the call stack", () => {
    let value: { inner?: unknown } = {}
    for (let depth = 0; depth < 20_000; depth++) value = { inner: value }
    expect(encode(decode(encode(value)))).toBe(encode(value))
  })

  it("does not let a key named __proto__ set a prototype", () => {
    const copy = roundTrip(JSON.parse('{"__proto__":{"polluted":true}}')) as object
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
  })

  it("refuses a function, as structured clone does", () => {
    expect(() => encode({ call: () => 1 })).toThrow("Cannot send to a worker")
  })
})
