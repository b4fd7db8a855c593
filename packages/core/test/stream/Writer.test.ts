/** The sending side over a host that takes what the test gives it room for. */
import * as Effect from "effect/Effect"
import { describe, expect, it, vi } from "vitest"
import { StreamHandle } from "../../src/internal/stream/StreamHandle.ts"
import type { IoError } from "../../src/IoError.ts"
import { PortFailure } from "../../src/port/index.ts"
import { Reason } from "../../src/Reason.ts"
import { ScriptedPorts } from "../scripted/ScriptedPorts.ts"

const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte)

const setUp = () => {
  const scripted = new ScriptedPorts()
  const port = scripted.stream()
  const settings = { kind: "TcpStream", site: undefined, closeGrace: 0 } as const
  const stream = new StreamHandle(scripted.table, port, settings)
  const outcomes: Array<string> = []
  const start = (name: string, effect: Effect.Effect<unknown, IoError>) => {
    const told = Effect.match(effect, {
      onFailure: (error) => `${name} ${error.reason._tag}`,
      onSuccess: () => `${name} done`
    })
    return Effect.runFork(Effect.map(told, (outcome) => void outcomes.push(outcome)))
  }
  return { outcomes, port, scripted, start, stream }
}

/** The bytes as runs: `[[100, 1], [5000, 2]]` is a hundred ones, then five thousand twos. */
const runs = (bytes: ReadonlyArray<number>): Array<[count: number, byte: number]> => {
  const all: Array<[number, number]> = []
  for (const byte of bytes) {
    const last = all.at(-1)
    if (last?.[1] === byte) last[0]++
    else all.push([1, byte])
  }
  return all
}

describe("small writes", () => {
  it("are done at once, and leave together when the turn ends", () => {
    const { outcomes, port, scripted, start, stream } = setUp()
    const asked = vi.spyOn(scripted.host.turn, "atEnd")
    scripted.host.turn.enter()
    start("a", stream.write(filled(10, 1)))
    start("b", stream.write(filled(20, 2)))
    expect(outcomes).toEqual(["a done", "b done"])
    expect(stream.counters.bytesQueued).toBe(30)
    scripted.host.turn.leave()
    expect(port.calls).toEqual(["write 30"])
    expect(asked).toHaveBeenCalledTimes(1)
    expect(stream.counters).toMatchObject({ bytesQueued: 0, bytesWritten: 30 })
  })

  it("beyond the buffer wait for the host, in order", () => {
    const { outcomes, port, scripted, start, stream } = setUp()
    port.room = 0
    for (const byte of [1, 2, 3, 4, 5]) start(`${byte}`, stream.write(filled(4096, byte)))
    expect(outcomes).toEqual(["1 done", "2 done", "3 done", "4 done"])
    expect(stream.waits.map(({ operation }) => operation)).toEqual(["TcpStream.write"])
    scripted.host.settle()
    port.makeRoom(100_000)
    scripted.host.settle()
    expect(outcomes.at(-1)).toBe("5 done")
    expect(runs(port.written)).toEqual([1, 2, 3, 4, 5].map((byte) => [4096, byte]))
  })

  it("the host that takes a part is offered the rest when it hints, and not before", () => {
    const { port, scripted, start, stream } = setUp()
    port.room = 30
    start("a", stream.write(filled(100, 1)))
    scripted.host.settle()
    expect(port.calls).toEqual(["write 30", "write 0"])
    start("b", stream.write(filled(10, 2)))
    port.makeRoom(1000)
    scripted.host.settle()
    expect(port.calls.slice(2)).toEqual(["write 80"])
    expect(runs(port.written)).toEqual([
      [100, 1],
      [10, 2]
    ])
  })
})

describe("order", () => {
  it("buffered bytes leave first, then requests in call order, each told when it is done", () => {
    const { outcomes, port, scripted, start, stream } = setUp()
    port.room = 0
    start("small", stream.write(filled(10, 1)))
    start("large", stream.write(filled(9000, 2)))
    start("flush", stream.flush)
    start("behind", stream.write(filled(10, 3)))
    start("shutdown", stream.shutdown)
    expect(outcomes).toEqual(["small done"])
    for (const room of [5, 5, 8999]) {
      port.makeRoom(room)
      expect(outcomes).toEqual(["small done"])
    }
    port.makeRoom(1)
    expect(outcomes).toEqual(["small done", "large done", "flush done", "behind done"])
    port.makeRoom(10)
    scripted.host.settle()
    expect(outcomes.at(-1)).toBe("shutdown done")
    expect(port.calls.at(-1)).toBe("shutdown")
    expect(runs(port.written)).toEqual([
      [10, 1],
      [9000, 2],
      [10, 3]
    ])
  })

  it("a write that a completion starts goes behind those that wait", () => {
    const { outcomes, port, scripted, start, stream } = setUp()
    port.room = 0
    start("first", Effect.andThen(stream.write(filled(5000, 1)), stream.write(filled(5000, 4))))
    start("second", stream.write(filled(5000, 2)))
    start("third", stream.write(filled(5000, 3)))
    port.makeRoom(1_000_000)
    scripted.host.settle()
    expect(outcomes).toEqual(["second done", "third done", "first done"])
    expect(runs(port.written).map(([, byte]) => byte)).toEqual([1, 2, 3, 4])
  })
})

describe("memory that the host still reads", () => {
  it("is not offered again, not reused and not changed until the host lets go", () => {
    const { port, scripted, start, stream } = setUp()
    port.isLending = true
    start("a", stream.write(filled(100, 1)))
    scripted.host.settle()
    start("b", stream.write(filled(50, 2)))
    scripted.host.settle()
    expect(port.calls).toEqual(["write 100"])
    expect(runs([...port.borrowed[0]!])).toEqual([[100, 1]])
    port.makeRoom(0)
    scripted.host.settle()
    expect(port.calls).toEqual(["write 100", "write 50"])
    expect(runs([...port.borrowed[0]!])).toEqual([[100, 1]])
  })

  it("completes its write only then, and a flush behind it", () => {
    const { outcomes, port, start, stream } = setUp()
    port.isLending = true
    start("large", stream.write(filled(9000, 1)))
    start("flush", stream.flush)
    expect(outcomes).toEqual([])
    port.makeRoom(0)
    expect(outcomes).toEqual(["large done", "flush done"])
    expect(port.calls).toEqual(["write 9000"])
  })

  it("takes no half-close meanwhile", () => {
    const { port, start, stream } = setUp()
    port.isLending = true
    start("large", stream.write(filled(9000, 1)))
    start("shutdown", stream.shutdown)
    expect(port.calls).toEqual(["write 9000"])
    port.makeRoom(0)
    expect(port.calls).toEqual(["write 9000", "shutdown"])
  })
})

describe("failure", () => {
  const broken = new PortFailure(Reason.Broken(), "the host's own words")

  it("in the middle ends every write once: completed and failed are what was submitted", () => {
    const { outcomes, port, scripted, start, stream } = setUp()
    port.room = 0
    const names = ["small", "one", "two", "three", "four"]
    for (const name of names) start(name, stream.write(filled(name === "small" ? 9 : 9000, 1)))
    port.makeRoom(9 + 9000 + 2500)
    expect(outcomes).toEqual(["small done", "one done"])
    port.failWriting(broken, true)
    scripted.host.settle()
    expect(outcomes).toEqual([
      "small done",
      "one done",
      "two Broken",
      "three Broken",
      "four Broken"
    ])
    expect(stream.state._tag).toBe("Broken")
    expect(stream.waits).toEqual([])
  })

  it("is a half-close's success: the end that it promises is there", () => {
    const { outcomes, port, start, stream } = setUp()
    port.room = 0
    start("large", stream.write(filled(9000, 1)))
    start("shutdown", stream.shutdown)
    port.failWriting(broken, true)
    expect(outcomes).toEqual(["large Broken", "shutdown done"])
  })

  it("of a small write is told to the next one, with the host's words", () => {
    const { outcomes, port, scripted, start, stream } = setUp()
    start("a", stream.write(filled(10, 1)))
    port.failWriting(broken, false)
    scripted.host.settle()
    start("b", stream.write(filled(10, 1)))
    start("c", stream.flush)
    expect(outcomes).toEqual(["a done", "b Broken", "c Broken"])
    expect(Effect.runSync(Effect.flip(stream.write(filled(1, 1)))).cause).toBe(broken.cause)
  })
})

describe("close", () => {
  it("in the middle of a queue fails what waits, and none of it leaves any more", () => {
    const { outcomes, port, scripted, start, stream } = setUp()
    port.room = 0
    start("first", Effect.andThen(stream.write(filled(5000, 1)), stream.close))
    start("small behind", stream.write(filled(10, 2)))
    start("large behind", stream.write(filled(5000, 3)))
    port.makeRoom(1_000_000)
    scripted.host.settle()
    expect(outcomes.toSorted()).toEqual([
      "first done",
      "large behind Closed",
      "small behind Closed"
    ])
    expect(runs(port.written)).toEqual([[5000, 1]])
    expect(port.calls).toEqual(["write 0", "write 5000", "close"])
  })

  it("gives the buffer back, for other streams to use", () => {
    const { port, scripted, start, stream } = setUp()
    port.room = 0
    start("a", stream.write(filled(10, 1)))
    start("close", stream.terminate)
    scripted.host.settle()
    const pool = scripted.table.writeBuffers
    const again = pool.acquire(1)
    expect([again.length, pool.acquire(1) === again]).toEqual([0, false])
    expect(stream.counters.bytesQueued).toBe(0)
  })
})
