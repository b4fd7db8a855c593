import { describe, expect, it } from "vitest"
import { WriteBuffer, WriteBufferPool } from "../src/internal/stream/WriteBuffer.ts"

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

  it("gives a released buffer again, empty, and asks the host for none", () => {
    const { pool, sizes } = counting()
    const buffer = pool.acquire()
    buffer.append(bytes(1, 2, 3), 3)
    buffer.taken(1)
    pool.release(buffer)
    const again = pool.acquire()
    expect(again).toBe(buffer)
    expect([again.length, again.free]).toEqual([0, WriteBuffer.bytesMax])
    expect(sizes).toEqual([16 * 1024])
  })

  it("never gives one buffer to two streams", () => {
    const { pool } = counting()
    pool.release(pool.acquire())
    expect(pool.acquire()).not.toBe(pool.acquire())
  })

  it("keeps 32 buffers at rest and lets the others go", () => {
    const { pool, sizes } = counting()
    const out = Array.from({ length: 300 }, () => pool.acquire())
    for (const buffer of out) pool.release(buffer)
    for (let index = 0; index < 300; index++) pool.acquire()
    expect(sizes.length).toBe(300 + (300 - 32))
  })
})
