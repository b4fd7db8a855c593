/** Which records are told as one, and who may read which memory. Node is played: it decrypts. */
import type { TLSSocket } from "node:tls"
import { beforeEach, expect, it } from "vitest"
import { NodeSlabs, slabBytes } from "../../src/tcp/NodeSlabs.ts"
import { NodeTlsReceiver, type Received } from "../../src/tls/NodeTlsReceiver.ts"

const record = 16 * 1024
let slabs: NodeSlabs

/** What Node keeps for `onread`, under symbols of these names. */
const buffer: unique symbol = Symbol("kBuffer")
const callback: unique symbol = Symbol("kBufferCb")
const next: unique symbol = Symbol("kBufferGen")

class PlayedSocket {
  readonly [buffer]: Buffer | undefined = undefined
  readonly [callback]: ((count: number) => true) | undefined = undefined
  readonly [next]: null | undefined = undefined
  readonly _handle = { useUserBuffer: () => {} }
  readonly receiver = new NodeTlsReceiver(slabs)
  readonly told: Array<Received> = []

  constructor() {
    this.receiver.readInto(this as unknown as TLSSocket, (received) => {
      this.told.push(received)
      // Who waits reads later; here nobody does.
      if (received === "now") this.receiver.settle()
    })
  }

  decrypt(count: number, byte: number): Received {
    slabs.shared.fill(byte, 0, count)
    this[callback]!(count)
    slabs.shared.fill(0xff, 0, count)
    return this.told.at(-1)!
  }
}

const parts = (...runs: ReadonlyArray<readonly [count: number, byte: number]>) =>
  Uint8Array.from(runs.flatMap(([count, byte]) => Array<number>(count).fill(byte)))

beforeEach(() => {
  slabs = new NodeSlabs()
})

it("gathers full records, and what follows them, into one chunk", () => {
  const played = new PlayedSocket()
  expect(played.decrypt(record, 1)).toBe("later")
  expect(played.decrypt(record, 2)).toBe("later")
  expect(played.decrypt(100, 3)).toBe("later")
  expect(played.receiver.length).toBe(2 * record + 100)
  const bytes = played.receiver.take(slabBytes, false)
  expect(bytes).toStrictEqual(parts([record, 1], [record, 2], [100, 3]))
  expect(played.receiver.settle()).toBe(true)
})

it("tells a short record that is alone at once", () => {
  const played = new PlayedSocket()
  expect(played.decrypt(64, 1)).toBe("now")
  expect(played.receiver.take(slabBytes, true)).toStrictEqual(parts([64, 1]))
})

it("keeps the order when the slab is full, and asks for no more", () => {
  const played = new PlayedSocket()
  for (const byte of [1, 2, 3, 4]) expect(played.decrypt(record, byte)).toBe("later")
  expect(played.decrypt(record, 5)).toBe("full")
  expect(played.decrypt(10, 6)).toBe("full")
  const taken = [...Array(3)].map(() => played.receiver.take(slabBytes, true))
  expect(taken[0]).toStrictEqual(parts([record, 1], [record, 2], [record, 3], [record, 4]))
  expect(taken.slice(1)).toStrictEqual([parts([record, 5]), parts([10, 6])])
  expect(played.receiver.length).toBe(0)
})

it("writes behind what is lent, and over it when the loan has ended", () => {
  const played = new PlayedSocket()
  played.decrypt(record, 1)
  const lent = played.receiver.take(slabBytes, false)
  expect(played.decrypt(record, 2)).toBe("later")
  expect(lent).toStrictEqual(parts([record, 1]))
  const second = played.receiver.take(slabBytes, false)
  expect(second).toStrictEqual(parts([record, 2]))
  played.receiver.endLoan()
  expect(played.decrypt(record, 3)).toBe("later")
  expect(played.receiver.take(slabBytes, false)).toStrictEqual(parts([record, 3]))
  expect(lent).toStrictEqual(parts([record, 3]))
})

it("holds back what is told while the slab is lent to its end", () => {
  const played = new PlayedSocket()
  for (const byte of [1, 2, 3, 4]) played.decrypt(record, byte)
  const lent = played.receiver.take(slabBytes, false)
  expect(played.decrypt(record, 5)).toBe("now")
  expect(lent.at(-1)).toBe(4)
  expect(played.receiver.take(slabBytes, true)).toStrictEqual(parts([record, 5]))
})

it("gives its slab back after 16 short records, and when it is closed", () => {
  const played = new PlayedSocket()
  played.decrypt(record, 1)
  played.receiver.take(slabBytes, true)
  const slab = slabs.acquire()!
  slabs.release(slab)
  for (let count = 0; count <= 16; count++) {
    played.decrypt(10, 2)
    played.receiver.take(slabBytes, true)
  }
  // At rest the one that was given back last comes first.
  expect(slabs.acquire()).not.toBe(slab)
  played.decrypt(record, 3)
  played.receiver.dispose()
  expect(played.receiver.length).toBe(0)
  expect(played.decrypt(record, 4)).toBe("told")
  expect(played.receiver.length).toBe(0)
})
