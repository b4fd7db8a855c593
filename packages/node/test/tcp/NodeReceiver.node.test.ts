/**
 * Who may read which memory, and until when. Node is played: it reads into the slab it was told.
 */
import { beforeEach, describe, expect, it } from "vitest"
import { NodeReceiver } from "../../src/tcp/NodeReceiver.ts"
import { loanBytes, NodeSlabs, slabBytes } from "../../src/tcp/NodeSlabs.ts"

const bulk = loanBytes
let slabs: NodeSlabs

/** One socket: a receiver, and the slab that Node reads into. */
class PlayedSocket {
  readonly receiver = new NodeReceiver(slabs)
  slab: Buffer = slabs.shared

  /** Node has read `count` bytes; `reader` runs inside the callback. True when it reads on. */
  read(count: number, byte: number, reader: (receiver: NodeReceiver) => void = () => {}): boolean {
    this.slab.fill(byte, 0, count)
    this.receiver.received(this.slab, count)
    reader(this.receiver)
    const goesOn = this.receiver.settle()
    this.slab = slabs.answer() ?? this.slab
    return goesOn
  }

  get isOnShared(): boolean {
    return this.slab === slabs.shared
  }
}

const taking = (keep: boolean, into: Array<Uint8Array> = [], bytesMax = slabBytes) => {
  return (receiver: NodeReceiver) => void into.push(receiver.take(bytesMax, keep))
}

const filled = (count: number, byte: number) => new Uint8Array(count).fill(byte)
const memoryOf = (bytes: Uint8Array | undefined) => bytes?.buffer

beforeEach(() => {
  slabs = new NodeSlabs()
})

describe("the shared slab", () => {
  it("is never handed out: neither kept, nor lent, nor held, whatever the length", () => {
    for (const count of [1, 64, loanBytes, loanBytes + 1, slabBytes]) {
      for (const keep of [true, false]) {
        const socket = new PlayedSocket()
        const taken: Array<Uint8Array> = []
        socket.read(count, 7, taking(keep, taken))
        expect(memoryOf(taken[0])).not.toBe(slabs.shared.buffer)
        slabs.shared.fill(9)
        expect(taken[0]).toEqual(filled(count, 7))
      }
    }
  })

  it("is left with a copy when nobody took the chunk in the callback", () => {
    const socket = new PlayedSocket()
    const goesOn = socket.read(100, 7, taking(false, [], 40))
    expect(goesOn).toBe(true)
    slabs.shared.fill(9)
    expect(socket.receiver.length).toBe(60)
    const rest = socket.receiver.take(1000, true)
    expect(rest).toEqual(filled(60, 7))
    expect(memoryOf(rest)).not.toBe(slabs.shared.buffer)
  })

  it("is read into behind a small chunk that waits, once, and not behind a large one", () => {
    const socket = new PlayedSocket()
    expect(socket.read(loanBytes - 1, 1)).toBe(true)
    expect(socket.read(slabBytes, 2)).toBe(false)
    const { receiver } = socket
    expect([...receiver.take(loanBytes, true).subarray(-2)]).toEqual([1, 2])
    expect(receiver.take(slabBytes * 2, true)).toEqual(filled(slabBytes - 1, 2))
    expect(receiver.isFree).toBe(true)
    expect(new PlayedSocket().read(loanBytes, 1)).toBe(false)
  })

  it("hands over what came behind a small chunk with it, in the callback too", () => {
    const socket = new PlayedSocket()
    const taken: Array<Uint8Array> = []
    socket.read(10, 1)
    expect(socket.read(10, 2, taking(false, taken))).toBe(true)
    expect(taken).toEqual([Uint8Array.from([...filled(10, 1), ...filled(10, 2)])])
    expect(socket.read(10, 3, taking(false, taken))).toBe(true)
    expect(taken[1]).toEqual(filled(10, 3))
  })

  it("gives users plain byte arrays, whose `slice` copies", () => {
    const socket = new PlayedSocket()
    const taken: Array<Uint8Array> = []
    socket.read(10, 1, taking(true, taken))
    socket.read(10, 1, taking(false, taken))
    socket.read(slabBytes, 1, taking(false, taken))
    socket.read(slabBytes, 1, taking(false, taken))
    socket.receiver.endLoan()
    socket.read(slabBytes, 1, taking(true, taken))
    socket.read(10, 1)
    taken.push(socket.receiver.take(5, true))
    for (const bytes of taken) {
      expect(bytes.constructor).toBe(Uint8Array)
      expect(bytes.slice().buffer).not.toBe(bytes.buffer)
    }
  })
})

describe("a loan", () => {
  it("is valid until the next take, then its memory is used again", () => {
    const socket = new PlayedSocket()
    const taken: Array<Uint8Array> = []
    socket.read(10, 1, taking(false, taken))
    expect(taken[0]).toEqual(filled(10, 1))
    socket.read(10, 2, taking(false, taken))
    expect(taken[1]).toBe(taken[0])
    expect(taken[1]).toEqual(filled(10, 2))
  })

  it("is not shared by two sockets", () => {
    const first: Array<Uint8Array> = []
    const second: Array<Uint8Array> = []
    new PlayedSocket().read(10, 1, taking(false, first))
    new PlayedSocket().read(10, 2, taking(false, second))
    expect([first[0], second[0]]).toEqual([filled(10, 1), filled(10, 2)])
  })

  it("goes back when it ends, when the socket is closed, and only once", () => {
    const socket = new PlayedSocket()
    const taken: Array<Uint8Array> = []
    socket.read(10, 1, taking(false, taken))
    socket.receiver.dispose()
    socket.receiver.dispose()
    const [one, two] = [new PlayedSocket(), new PlayedSocket()]
    one.read(10, 2, taking(false, taken))
    two.read(10, 3, taking(false, taken))
    expect(memoryOf(taken[1])).toBe(memoryOf(taken[0]))
    expect(memoryOf(taken[2])).not.toBe(memoryOf(taken[1]))
  })

  it("beyond 256 out is a plain copy, until some come back", () => {
    const loans = Array.from({ length: 256 }, () => slabs.startLoan()!)
    expect(slabs.startLoan()).toBeUndefined()
    const socket = new PlayedSocket()
    const taken: Array<Uint8Array> = []
    socket.read(10, 1, taking(false, taken))
    socket.read(10, 2, taking(false, taken))
    expect(taken).toEqual([filled(10, 1), filled(10, 2)])
    slabs.endLoan(loans[0]!)
    expect(slabs.startLoan()).toBe(loans[0])
  })

  it("at rest, 32 are kept", () => {
    const loans = Array.from({ length: 100 }, () => slabs.startLoan()!)
    for (const loan of loans) slabs.endLoan(loan)
    const again = Array.from({ length: 100 }, () => slabs.startLoan()!)
    expect(again.filter((loan) => loans.includes(loan)).length).toBe(32)
  })
})

/** A socket that has a slab of its own. */
const bulky = (): PlayedSocket => {
  const socket = new PlayedSocket()
  socket.read(bulk, 1, taking(true))
  expect(socket.isOnShared).toBe(false)
  return socket
}

describe("a slab of one's own", () => {
  it("comes with the first read of 16 KiB, and not with one byte less", () => {
    const socket = new PlayedSocket()
    socket.read(bulk - 1, 1, taking(true))
    expect(socket.isOnShared).toBe(true)
    socket.read(bulk, 1, taking(true))
    expect(socket.isOnShared).toBe(false)
  })

  it("is lent as it is, and Node does not read into it meanwhile", () => {
    const socket = bulky()
    const taken: Array<Uint8Array> = []
    expect(socket.read(slabBytes, 2, taking(false, taken))).toBe(false)
    expect(memoryOf(taken[0])).toBe(socket.slab.buffer)
    expect(socket.receiver.isFree).toBe(false)
    socket.receiver.endLoan()
    expect(socket.receiver.isFree).toBe(true)
    expect(socket.read(10, 3, taking(true))).toBe(true)
  })

  it("is held where it is when nobody took the chunk", () => {
    const socket = bulky()
    expect(socket.read(slabBytes, 2)).toBe(false)
    expect(memoryOf(socket.receiver.take(10, false))).toBe(socket.slab.buffer)
    expect(socket.receiver.length).toBe(slabBytes - 10)
  })

  it("is given away with a kept chunk only while Node is about to ask for another", () => {
    const socket = bulky()
    const own = socket.slab
    const taken: Array<Uint8Array> = []
    socket.read(slabBytes, 2, taking(true, taken))
    expect(memoryOf(taken[0])).toBe(own.buffer)
    expect(socket.slab).not.toBe(own)
    socket.read(slabBytes, 3, taking(true))
    expect(taken[0]).toEqual(filled(slabBytes, 2))
  })

  it("is copied from when the chunk is kept later, in parts, or is short", () => {
    const socket = bulky()
    const own = socket.slab
    const taken: Array<Uint8Array> = []
    socket.read(slabBytes / 2 - 1, 2, taking(true, taken))
    socket.read(slabBytes, 3, (receiver) => {
      taken.push(receiver.take(10, true), receiver.take(slabBytes, true))
    })
    expect(socket.slab).toBe(own)
    socket.read(slabBytes, 4)
    taken.push(socket.receiver.take(slabBytes, true))
    expect(socket.receiver.isFree).toBe(true)
    expect(taken.map(memoryOf)).not.toContain(own.buffer)
    own.fill(9)
    expect(taken.map((bytes) => bytes[0])).toEqual([2, 3, 3, 4])
  })

  it("goes back after 17 small reads in a row, not before, and others get it", () => {
    const socket = bulky()
    const own = socket.slab
    for (let index = 0; index < 16; index++) socket.read(10, 2, taking(true))
    socket.read(bulk, 2, taking(true))
    for (let index = 0; index < 16; index++) socket.read(10, 2, taking(true))
    expect(socket.isOnShared).toBe(false)
    socket.read(10, 2, taking(true))
    expect(socket.isOnShared).toBe(true)
    expect(bulky().slab).toBe(own)
  })

  it("goes back when the socket is closed, also with bytes held or lent", () => {
    const socket = bulky()
    const own = socket.slab
    socket.read(slabBytes, 2, taking(false, [], 10))
    socket.receiver.dispose()
    expect(socket.receiver.length).toBe(0)
    expect(bulky().slab).toBe(own)
  })

  it("is denied to the 257th: that one goes on with the shared slab", () => {
    const all = Array.from({ length: 256 }, bulky)
    const socket = new PlayedSocket()
    socket.read(bulk, 1, taking(true))
    expect(socket.isOnShared).toBe(true)
    all[0]!.receiver.dispose()
    socket.read(bulk, 1, taking(true))
    expect(socket.isOnShared).toBe(false)
  })

  it("that was given away makes room for another", () => {
    const socket = bulky()
    for (let index = 0; index < 300; index++) {
      const taken: Array<Uint8Array> = []
      const { slab } = socket
      socket.read(slabBytes, 2, taking(true, taken))
      expect(memoryOf(taken[0])).toBe(slab.buffer)
    }
  })

  it("at rest, 64 are kept", () => {
    const out = Array.from({ length: 100 }, () => slabs.acquire()!)
    for (const slab of out) slabs.release(slab)
    const again = Array.from({ length: 100 }, () => slabs.acquire()!)
    expect(again.filter((slab) => out.includes(slab)).length).toBe(64)
  })
})

it("the answer to Node is given once: the next socket is asked to go on as before", () => {
  slabs.useNext(slabs.shared)
  expect(slabs.answer()).toBe(slabs.shared)
  expect(slabs.answer()).toBeUndefined()
})

it("an owned chunk from elsewhere is handed out without a copy", () => {
  const receiver = new NodeReceiver(slabs)
  const chunk = Buffer.from(filled(100, 5))
  receiver.hold(chunk)
  const first = receiver.take(40, true)
  const rest = receiver.take(1000, false)
  expect([memoryOf(first), memoryOf(rest)]).toEqual([chunk.buffer, chunk.buffer])
  expect(Buffer.concat([first, rest])).toEqual(chunk)
  expect(receiver.isFree).toBe(true)
})
