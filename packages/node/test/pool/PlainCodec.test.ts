import { describe, expect, it } from "vitest"
import { PlainCodec } from "../../src/pool/PlainCodec.ts"

const bytes = new Uint8Array(new SharedArrayBuffer(2_048))
const codec = new PlainCodec(bytes)

/** What comes back from the middle of the memory; undefined when it is not for the codec. */
const through = (value: unknown, bytesMax = 512) => {
  const length = codec.write(value, 700, bytesMax)
  return length < 0 ? "for a message" : { value: codec.read(700), length }
}

// A linear congruential generator (Numerical Recipes).
const makeDraw = (seed: number) => {
  let state = seed
  return (count: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * count)
  }
}

const leaves = [undefined, null, true, false, 0, -0, 7, -1, 2 ** 31, 0.1, Number.NaN, -Infinity, ""]

const drawValue = (draw: (count: number) => number, depth: number): unknown => {
  const kind = draw(depth > 3 ? 3 : 6)
  if (kind === 0) return leaves[draw(leaves.length)]
  if (kind === 1) return "añ€😀\u0000z".slice(0, draw(8))
  if (kind === 2) return draw(2 ** 20) - 2 ** 19
  const length = draw(4)
  const values = Array.from({ length }, () => drawValue(draw, depth + 1))
  return kind === 3 ? values : Object.fromEntries(values.map((value, n) => [`k${n}é`, value]))
}

describe("PlainCodec", () => {
  it("gives what structured clone gives, of 5,000 drawn values", () => {
    const draw = makeDraw(1)
    let written = 0
    for (let round = 0; round < 5_000; round++) {
      const value = drawValue(draw, 0)
      const told = through(value)
      if (told === "for a message") continue
      written++
      expect((told as { readonly value: unknown }).value).toStrictEqual(structuredClone(value))
    }
    expect(written).toBeGreaterThan(4_500)
  })

  it("writes nothing behind its bound", () => {
    const draw = makeDraw(2)
    for (let round = 0; round < 3_000; round++) {
      const bytesMax = draw(120)
      bytes.fill(0xa5)
      codec.write(drawValue(draw, 0), 700, bytesMax)
      expect(bytes.subarray(700 + bytesMax).every((byte) => byte === 0xa5)).toBe(true)
      expect(bytes.subarray(0, 700).every((byte) => byte === 0xa5)).toBe(true)
    }
  })

  const shared = {}
  const holes: Array<number> = []
  holes[2] = 1
  const cycle: Array<unknown> = []
  cycle.push(cycle)

  it.each([
    ["a function", () => 1],
    ["a symbol", Symbol("s")],
    ["a big integer", 1n],
    ["a date", new Date(0)],
    ["a map", new Map()],
    ["bytes", new Uint8Array(3)],
    ["an error", new Error("e")],
    ["an object of a class", new (class Point {})()],
    ["an object without a prototype", Object.create(null)],
    ["one object twice", [shared, shared]],
    ["a list with holes", holes],
    ["a list with a name", Object.assign([1], { name: 1 })],
    ["a cycle", cycle],
    ["a key that is a setter", JSON.parse('{"__proto__": 1}')],
    ["a long text", "x".repeat(600)],
    ["many objects", Array.from({ length: 40 }, () => ({}))]
  ])("leaves %s to a message", (_, value) => {
    expect(through(value)).toBe("for a message")
  })
})
