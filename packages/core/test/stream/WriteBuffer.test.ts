import { describe, expect, it } from "vitest"
import { WriteBuffer, WriteBufferPool } from "../../src/internal/stream/WriteBuffer.ts"

const bytes = (...all: ReadonlyArray<number>): Uint8Array => Uint8Array.from(all)

describe("WriteBuffer", () => {
  it("joins what is appended, and only as much of a source as was asked for", () => {
    const buffer = new WriteBuffer(new Uint8Array(8))
    buffer.append(bytes(1, 2), 2)
    buffer.append(bytes(3, 4, 5), 1)
    expect(buffer.view()).toEqual(bytes(1, 2, 3))
    expect(buffer.length).toBe(3)
    expect(buffer.free).toBe(5)
  })

  it("appends behind taken bytes, which stay where the host reads them", () => {
    const buffer = new WriteBuffer(new Uint8Array(8))
    buffer.append(bytes(1, 2, 3), 3)
    const lent = buffer.view().subarray(0, 2)
    buffer.taken(2)
    buffer.append(bytes(4, 5), 2)
    expect(lent).toEqual(bytes(1, 2))
    expect(buffer.view()).toEqual(bytes(3, 4, 5))
    // Taken bytes give no room back: the host may still be reading them.
    expect(buffer.free).toBe(3)
  })

  it("offers the same view again for a turn of the same length", () => {
    const buffer = new WriteBuffer(new Uint8Array(8))
    buffer.append(bytes(1, 2), 2)
    const first = buffer.view()
    buffer.taken(2)
    buffer.reset()
    buffer.append(bytes(3, 4), 2)
    expect(buffer.view()).toBe(first)
    expect(buffer.view()).toEqual(bytes(3, 4))
    buffer.append(bytes(5), 1)
    expect(buffer.view()).toEqual(bytes(3, 4, 5))
  })

  it("never offers the view of whole bytes for what a partial write left", () => {
    const buffer = new WriteBuffer(new Uint8Array(8))
    buffer.append(bytes(1, 2, 3), 3)
    buffer.view()
    buffer.taken(1)
    expect(buffer.view()).toEqual(bytes(2, 3))
    buffer.append(bytes(4), 1)
    expect(buffer.view()).toEqual(bytes(2, 3, 4))
    buffer.reset()
    buffer.append(bytes(9, 8, 7), 3)
    expect(buffer.view()).toEqual(bytes(9, 8, 7))
  })
})

describe("WriteBufferPool", () => {
  const counting = () => {
    const sizes: Array<number> = []
    const allocate = (size: number) => {
      sizes.push(size)
      return new Uint8Array(size)
    }
    return { pool: new WriteBufferPool(allocate), sizes }
  }

  const { bytesMax, smallBytes } = WriteBuffer

  it("gives a released buffer again, empty, and asks the host for none", () => {
    const { pool, sizes } = counting()
    for (const size of [smallBytes, bytesMax]) {
      const buffer = pool.acquire(size)
      buffer.append(bytes(1, 2, 3), 3)
      buffer.taken(1)
      pool.release(buffer)
      const again = pool.acquire(size)
      expect(again).toBe(buffer)
      expect([again.length, again.free]).toEqual([0, size])
    }
    expect(sizes).toEqual([2 * 1024, 16 * 1024])
  })

  it("gives a large buffer for what a small one cannot hold, and for more than any can", () => {
    const { pool } = counting()
    const free = [1, smallBytes, smallBytes + 1, bytesMax, 1 << 20].map((size) => {
      return pool.acquire(size).free
    })
    expect(free).toEqual([smallBytes, smallBytes, bytesMax, bytesMax, bytesMax])
  })

  it("moves what is left of a small buffer to a large one", () => {
    const { pool, sizes } = counting()
    const small = pool.acquire(4)
    small.append(bytes(1, 2, 3, 4), 4)
    small.taken(1)
    const large = pool.enlarge(small)
    expect([...large.view()]).toEqual([2, 3, 4])
    expect([large.isSmall, large.free]).toEqual([false, bytesMax - 3])
    expect(pool.acquire(1)).toBe(small)
    expect(small.length).toBe(0)
    expect(sizes).toHaveLength(2)
  })

  it("never gives one buffer to two streams", () => {
    const { pool } = counting()
    pool.release(pool.acquire(1))
    expect(pool.acquire(1)).not.toBe(pool.acquire(1))
  })

  it.for([
    [smallBytes, 512],
    [bytesMax, 32]
  ] as const)("of %i bytes keeps %i buffers at rest and lets the others go", ([size, max]) => {
    const { pool, sizes } = counting()
    const out = Array.from({ length: 700 }, () => pool.acquire(size))
    for (const buffer of out) pool.release(buffer)
    for (let index = 0; index < 700; index++) pool.acquire(size)
    expect(sizes.length).toBe(700 + (700 - max))
  })
})
