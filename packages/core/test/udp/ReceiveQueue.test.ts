import { describe, expect, it } from "vitest"
import { ReceivedDatagram } from "../../src/internal/udp/ReceivedDatagram.ts"
import { Destinations } from "../../src/internal/udp/Destinations.ts"
import { overheadBytes, ReceiveQueue } from "../../src/internal/udp/ReceiveQueue.ts"
import type { Overflow } from "../../src/UdpOptions.ts"
import { from } from "../scripted/ScriptedUdp.ts"

const destinations = new Destinations(from(1), false)

const datagram = (number: number, length = 16): ReceivedDatagram =>
  new ReceivedDatagram(new Uint8Array(length).fill(number), from(number), false, destinations)

/** Room for so many datagrams of 16 bytes, and one byte less than for one more. */
const queueFor = (count: number, overflow: Overflow = "dropNewest"): ReceiveQueue =>
  new ReceiveQueue((count + 1) * (16 + overheadBytes) - 1, overflow)

const takeAll = (queue: ReceiveQueue): ReadonlyArray<number> =>
  Array.from({ length: queue.length }, () => queue.takeAt(0).bytes[0]!)

const filled = (queue: ReceiveQueue, numbers: ReadonlyArray<number>): ReceiveQueue => {
  for (const number of numbers) queue.push(datagram(number), 0)
  return queue
}

describe("a queue that is not full", () => {
  it("gives what came first, through any number of turns of its ring", () => {
    const queue = queueFor(1000)
    const taken: Array<number> = []
    for (let round = 0; round < 100; round++) {
      for (let each = 0; each < 7; each++) queue.push(datagram((round * 7 + each) % 256), 0)
      for (let each = 0; each < (round < 50 ? 3 : 9); each++) taken.push(queue.takeAt(0).bytes[0]!)
    }
    taken.push(...takeAll(queue))
    expect(taken).toEqual(Array.from({ length: 700 }, (_, index) => index % 256))
    expect([queue.length, queue.bytes, queue.datagramsDropped]).toEqual([0, 0, 0])
  })

  it("gives one from the middle, and keeps the order of the others", () => {
    const queue = filled(queueFor(10), [1, 2, 3, 4])
    expect(queue.takeAt(2).bytes[0]).toBe(3)
    expect(queue.bytes).toBe(3 * (16 + overheadBytes))
    expect(takeAll(queue)).toEqual([1, 2, 4])
  })

  it("forgets all but the first, and takes more", () => {
    const queue = filled(queueFor(10), [1, 2, 3, 4])
    queue.keep(2)
    expect(queue.bytes).toBe(2 * (16 + overheadBytes))
    filled(queue, [5])
    expect(takeAll(queue)).toEqual([1, 2, 5])
    expect(queue.datagramsDropped).toBe(0)
  })
})

describe("a full queue", () => {
  it("drops what comes, and counts it", () => {
    const queue = filled(queueFor(3), [1, 2, 3, 4, 5])
    expect([queue.datagramsDropped, queue.bytesDropped]).toEqual([2, 32])
    expect(takeAll(queue)).toEqual([1, 2, 3])
  })

  it("drops what came first, and counts it", () => {
    const queue = filled(queueFor(3, "dropOldest"), [1, 2, 3, 4, 5])
    expect([queue.datagramsDropped, queue.bytesDropped]).toEqual([2, 32])
    expect(takeAll(queue)).toEqual([3, 4, 5])
  })

  it("drops as many as a long one needs", () => {
    const queue = filled(queueFor(4, "dropOldest"), [1, 2, 3, 4])
    queue.push(datagram(5, 32 + overheadBytes), 0)
    expect(takeAll(queue)).toEqual([3, 4, 5])
  })

  it("has room for an empty datagram where a longer one is dropped", () => {
    const queue = filled(queueFor(3), [1, 2, 3])
    queue.push(datagram(4, 15), 0)
    expect(takeAll(queue)).toEqual([1, 2, 3, 4])
  })

  it("never drops what fibers wait for", () => {
    const queue = filled(queueFor(3, "dropOldest"), [1, 2, 3])
    // Two of the three are as good as taken, then four of four.
    queue.push(datagram(4), 2)
    queue.push(datagram(5), 4)
    expect([queue.datagramsDropped, queue.bytesDropped]).toEqual([1, 16])
    // All of them are, and this one is not.
    queue.push(datagram(6), 4)
    expect(queue.datagramsDropped).toBe(2)
    expect(takeAll(queue)).toEqual([1, 2, 4, 5])
  })
})

describe("a datagram that is longer than the bound", () => {
  it.each(["dropNewest", "dropOldest"] as const)("is taken by an empty queue (%s)", (overflow) => {
    const queue = queueFor(1, overflow)
    queue.push(datagram(7, 9000), 0)
    queue.push(datagram(8, 0), 0)
    const isNewest = overflow === "dropNewest"
    expect(queue.datagramsDropped).toBe(1)
    expect(queue.bytesDropped).toBe(isNewest ? 0 : 9000)
    expect(queue.takeAt(0).bytes.length).toBe(isNewest ? 9000 : 0)
  })
})
