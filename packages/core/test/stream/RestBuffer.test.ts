import { describe, expect, it } from "vitest"
import { RestBuffer } from "../../src/internal/stream/RestBuffer.ts"

const range = (from: number, to: number): Uint8Array =>
  Uint8Array.from({ length: to - from }, (_, index) => (from + index) % 256)

const holding = (...chunks: ReadonlyArray<Uint8Array>): RestBuffer => {
  const rest = new RestBuffer()
  for (const chunk of chunks) rest.append(chunk)
  return rest
}

describe("order", () => {
  it("bytes leave in the order in which they came, whatever the pieces", () => {
    const rest = new RestBuffer()
    let next = 0
    let expected = 0
    for (let round = 1; round < 200; round++) {
      const given = (round * 7) % 13
      rest.append(range(next, next + given))
      next += given
      const taken = rest.take((round * 5) % 11, true)
      expect(taken).toEqual(range(expected, expected + taken.length))
      expected += taken.length
      expect(rest.length).toBe(next - expected)
    }
  })

  it("the rest moves to the front when that makes room, ranges overlapping", () => {
    // Capacity 8 with 6 left behind 2 taken: two more move the six over themselves.
    const rest = holding(range(0, 8))
    rest.take(2, true)
    rest.append(range(8, 10))
    expect(rest.length).toBe(8)
    expect(rest.take(100, true)).toEqual(range(2, 10))
  })

  it("growth keeps every byte", () => {
    const rest = holding(range(0, 3), range(3, 5), range(5, 250))
    expect(rest.take(250, true)).toEqual(range(0, 250))
    expect(rest.length).toBe(0)
  })
})

describe("what is taken", () => {
  it("kept bytes are the taker's: nothing that follows changes them", () => {
    const rest = holding(range(0, 8))
    const kept = rest.take(4, true)
    kept.fill(99)
    rest.append(range(8, 12))
    expect(rest.take(100, true)).toEqual(range(4, 12))
    expect(kept).toEqual(new Uint8Array(4).fill(99))
  })

  it("borrowed bytes are not copied", () => {
    const rest = holding(range(0, 8))
    const first = rest.take(4, false)
    const second = rest.take(2, false)
    expect(second.buffer).toBe(first.buffer)
  })

  it("a borrowed view of the last bytes stays whole while new ones come", () => {
    const rest = holding(range(0, 8))
    const borrowed = rest.take(8, false)
    rest.append(range(100, 108))
    expect(borrowed).toEqual(range(0, 8))
  })

  it("an empty rest holds no memory", () => {
    const rest = holding(new Uint8Array(1 << 16))
    const before = rest.take(1, false).buffer
    rest.take(1 << 16, false)
    rest.append(range(0, 4))
    const after = rest.take(1, false).buffer
    expect(before.byteLength).toBe(1 << 16)
    expect(after.byteLength).toBe(4)
  })
})

describe("indexOf", () => {
  it("finds a delimiter across chunks and growth, from the front", () => {
    const rest = holding(range(0, 10), range(10, 20))
    rest.take(5, true)
    expect(rest.indexOf(range(9, 11), 0)).toBe(4)
    rest.append(range(20, 200))
    expect(rest.indexOf(range(18, 22), 0)).toBe(13)
  })

  it("does not find one that starts before `from`", () => {
    const rest = holding(Uint8Array.of(1, 2, 1, 2))
    expect(rest.indexOf(Uint8Array.of(1, 2), 0)).toBe(0)
    expect(rest.indexOf(Uint8Array.of(1, 2), 1)).toBe(2)
    expect(rest.indexOf(Uint8Array.of(1, 2), 3)).toBe(-1)
  })

  it("does not find one whose last byte has not come", () => {
    const rest = holding(Uint8Array.of(1, 2, 3, 1, 2))
    rest.take(1, true)
    expect(rest.indexOf(Uint8Array.of(1, 2, 3), 0)).toBe(-1)
    rest.take(1, true)
    expect(rest.indexOf(Uint8Array.of(1, 2), 0)).toBe(1)
    rest.append(Uint8Array.of(3))
    expect(rest.indexOf(Uint8Array.of(1, 2, 3), 0)).toBe(1)
  })

  it("does not find one in bytes that were taken", () => {
    const rest = holding(Uint8Array.of(1, 2, 9, 9, 9))
    rest.take(2, true)
    expect(rest.indexOf(Uint8Array.of(1, 2), 0)).toBe(-1)
  })

  it("finds one behind a false start that shares its first byte", () => {
    const rest = holding(Uint8Array.of(1, 1, 1, 2))
    expect(rest.indexOf(Uint8Array.of(1, 1, 2), 0)).toBe(1)
  })

  it("does not see stale bytes behind the end", () => {
    const rest = holding(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))
    rest.take(6, true)
    // Two bytes stay and one comes: they move to the front, before what was 4 to 8.
    rest.append(Uint8Array.of(9))
    expect(rest.indexOf(Uint8Array.of(4, 5), 0)).toBe(-1)
    expect(rest.indexOf(Uint8Array.of(9), 0)).toBe(2)
  })
})

it("a byte at a time costs memory and copies by the bytes, not by their square", () => {
  const count = 1 << 14
  const rest = new RestBuffer()
  const buffers = new Set<ArrayBufferLike>()
  const byte = Uint8Array.of(7)
  for (let index = 0; index < count; index++) {
    rest.append(byte)
    // A view of nothing shows which memory it is in without taking any of it.
    buffers.add(rest.take(0, false).buffer)
  }
  const copied = [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0)
  expect(rest.length).toBe(count)
  expect(copied).toBeLessThanOrEqual(2 * count)
})
