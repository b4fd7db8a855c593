/** A datagram socket's receiving, options, groups and end, over a host that is the test. */
import * as Address from "../../src/Address.ts"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import type { IoError } from "../../src/IoError.ts"
import { overheadBytes } from "../../src/internal/udp/ReceiveQueue.ts"
import { PortFailure } from "../../src/port/index.ts"
import { Reason } from "../../src/Reason.ts"
import type { UdpSocket } from "../../src/UdpSocket.ts"
import { from, ScriptedUdp } from "../scripted/ScriptedUdp.ts"

const bytes = (...numbers: ReadonlyArray<number>) => Uint8Array.of(...numbers)
const failureOf = (effect: Effect.Effect<unknown, IoError>): IoError =>
  Effect.runSync(Effect.flip(effect))

describe("receiving", () => {
  it("gives bytes, sender and whether any were cut", () => {
    const { port, socket } = new ScriptedUdp({ datagramBytesMax: 4 })
    port.give(bytes(1, 2, 3, 4))
    port.give(bytes(1, 2, 3, 4, 5), from(7, "::ffff:10.0.0.1"))
    port.give(bytes(1), from(8, "::1"), true)
    port.give(bytes())
    const [whole, cut, told, empty] = Effect.runSync(socket.receiveBatch(10))
    expect([whole, cut!, told!, empty!].map((one) => [...one.bytes])).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
      [1],
      []
    ])
    expect([whole, cut!, told!].map(({ isTruncated }) => isTruncated)).toEqual([false, true, true])
    expect(Address.format(cut!.from, "udp")).toBe("udp://10.0.0.1:7")
    expect(Address.format(told!.from, "udp")).toBe("udp://[::1]:8")
    // What was cut is no view of what came: that would keep all of it in memory.
    expect(cut!.bytes.buffer.byteLength).toBe(4)
  })

  it("counts all that came as received, dropped or queued", () => {
    const { port, socket } = new ScriptedUdp({ receiveQueueBytes: 3 * (overheadBytes + 10) })
    for (let count = 0; count < 5; count++) port.give(new Uint8Array(10))
    Effect.runSync(socket.receive)
    expect(socket.datagrams).toEqual({
      datagramsReceived: 1,
      datagramsSent: 0,
      datagramsDropped: 2,
      bytesDropped: 20,
      datagramsQueued: 2,
      refusals: 0
    })
    expect(socket.counters.bytesRead).toBe(10)
  })

  it("never drops what a fiber waits for", () => {
    const tiny = { receiveQueueBytes: 1, overflow: "dropOldest" } as const
    const { port, socket } = new ScriptedUdp(tiny)
    const waiting = [1, 2].map(() => Effect.runFork(socket.receive))
    for (const number of [1, 2, 3, 4]) port.give(bytes(number))
    expect(waiting.map((fiber) => Exit.isSuccess(fiber.pollUnsafe()!))).toEqual([true, true])
    expect([...Effect.runSync(socket.receive).bytes]).toEqual([4])
    expect(socket.datagrams.datagramsDropped).toBe(1)
  })

  it("gives a batch of at most so many", () => {
    const { port, socket } = new ScriptedUdp()
    for (let count = 0; count < 5; count++) port.give(bytes(count))
    expect(Effect.runSync(socket.receiveBatch(3)).length).toBe(3)
    expect(Effect.runSync(socket.receiveBatch(3)).length).toBe(2)
    for (const countMax of [0, 1_025, 1.5, Number.NaN]) {
      const error = failureOf(socket.receiveBatch(countMax))
      expect(error.message).toContain("countMax must be an integer from 1 to 1024")
    }
  })

  it("wakes who waits for something to be there, and takes nothing for them", () => {
    const { port, socket } = new ScriptedUdp()
    const readable = [1, 2].map(() => Effect.runFork(socket.awaitReadable))
    const receiving = Effect.runFork(socket.receive)
    port.give(bytes(1))
    expect(Exit.isSuccess(receiving.pollUnsafe()!)).toBe(true)
    expect(readable.map((fiber) => fiber.pollUnsafe())).toEqual([undefined, undefined])
    port.give(bytes(2))
    expect(readable.every((fiber) => Exit.isSuccess(fiber.pollUnsafe()!))).toBe(true)
    expect(Option.isSome(Effect.runSync(socket.tryReceive))).toBe(true)
    expect(Option.isNone(Effect.runSync(socket.tryReceive))).toBe(true)
  })
})

describe("closing", () => {
  it("fails whoever waits, forgets what is queued, and is done when the host says so", () => {
    const { port, scripted, socket } = new ScriptedUdp()
    port.room = 0
    const waiting: ReadonlyArray<Fiber.Fiber<unknown, IoError>> = [
      Effect.runFork(socket.receive),
      Effect.runFork(socket.receiveBatch(2)),
      Effect.runFork(socket.awaitReadable),
      Effect.runFork(socket.send(bytes(1), { port: 1 })),
      Effect.runFork(socket.awaitWritable)
    ]
    expect(socket.waits.length).toBe(5)
    const closing = Effect.runFork(socket.close)
    const exits = waiting.map((fiber) => fiber.pollUnsafe()!)
    expect(exits.map((exit) => Exit.isFailure(exit))).toEqual(waiting.map(() => true))
    expect(socket.waits).toEqual([])
    expect(closing.pollUnsafe()).toBeUndefined()
    scripted.host.settle()
    expect(Exit.isSuccess(closing.pollUnsafe()!)).toBe(true)
    expect([port.closed, socket.state._tag]).toEqual([1, "Closed"])
    Effect.runSync(socket.close)
    expect(port.closed).toBe(1)
  })

  it("forgets what was queued, and counts it no more", () => {
    const { port, scripted, socket } = new ScriptedUdp()
    port.give(bytes(1))
    Effect.runFork(socket.close)
    expect(socket.datagrams.datagramsQueued).toBe(0)
    scripted.host.settle()
    expect(socket.state._tag).toBe("Closed")
  })

  it("fails every operation that comes after it", () => {
    const { socket } = new ScriptedUdp()
    Effect.runFork(socket.close)
    const all = (of: UdpSocket): ReadonlyArray<Effect.Effect<unknown, IoError>> => [
      of.receive,
      of.receiveBatch(1),
      of.tryReceive,
      of.awaitReadable,
      of.send(bytes(1), { port: 1 }),
      of.sendBatch([]),
      of.trySendBatch([]),
      of.awaitWritable,
      of.connect({ port: 1 }),
      of.disconnect,
      of.setBroadcast(true),
      of.setTtl(1),
      of.setMulticastTtl(1),
      of.setMulticastLoop(true),
      of.setMulticastInterface("127.0.0.1"),
      of.join({ group: "239.1.1.1" }),
      of.leave({ group: "239.1.1.1" }),
      of.kernelReceiveBytes,
      of.kernelSendBytes
    ]
    const tags = all(socket).map((operation) => failureOf(operation).reason._tag)
    expect(tags).toEqual(all(socket).map(() => "Closed"))
    expect(Address.format(socket.address, "udp")).toBe("udp://127.0.0.1:1000")
  })
})

describe("options", () => {
  it("reach the port, and are refused out of their bounds", () => {
    const { port, socket } = new ScriptedUdp()
    for (const hops of [1, 255]) Effect.runSync(socket.setTtl(hops))
    for (const hops of [0, 255]) Effect.runSync(socket.setMulticastTtl(hops))
    Effect.runSync(socket.setMulticastLoop(false))
    Effect.runSync(socket.setMulticastInterface("10.0.0.1"))
    Effect.runSync(socket.setBroadcast(true))
    Effect.runSync(socket.unref)
    expect(port.calls).toEqual([
      ["setTtl", 1],
      ["setTtl", 255],
      ["setMulticastTtl", 0],
      ["setMulticastTtl", 255],
      ["setMulticastLoop", false],
      ["setMulticastInterface", "10.0.0.1"],
      ["setBroadcast", true],
      ["setRef", false]
    ])
    for (const hops of [0, 256, -1, 1.5, Number.NaN]) {
      expect(failureOf(socket.setTtl(hops)).message).toContain("hops must be")
    }
    for (const hops of [-1, 256, 1.5]) {
      expect(failureOf(socket.setMulticastTtl(hops)).message).toContain("hops must be")
    }
    for (const address of ["::1", "eth0", ""]) {
      expect(failureOf(socket.setMulticastInterface(address)).message).toContain("address must be")
    }
  })

  it("tell what the kernel granted, as far as the host knows", () => {
    const { port, socket } = new ScriptedUdp()
    expect(Effect.runSync(socket.kernelReceiveBytes)).toBe(4096)
    expect(Effect.runSync(socket.kernelSendBytes)).toBe(8192)
    port.kernelSendBytes = undefined
    expect(failureOf(socket.kernelSendBytes).reason._tag).toBe("Unsupported")
  })
})

describe("groups", () => {
  const group = "239.1.1.1"
  const device = "10.0.0.1"

  it("are joined once, for any source or for some", () => {
    const { port, socket } = new ScriptedUdp()
    Effect.runSync(socket.join({ group }))
    const [one, other] = ["10.0.0.2", "10.0.0.3"]
    Effect.runSync(socket.join({ group, interface: device, source: one }))
    Effect.runSync(socket.join({ group, interface: device, source: other }))
    const taken = [
      { group },
      { group, source: one },
      { group, interface: device },
      { group, interface: device, source: one }
    ]
    for (const again of taken) {
      expect(failureOf(socket.join(again)).reason._tag).toBe("AddressInUse")
    }
    expect(port.calls.length).toBe(3)
  })

  it("are left as they were joined", () => {
    const { port, socket } = new ScriptedUdp()
    const [one, other] = ["10.0.0.2", "10.0.0.3"]
    Effect.runSync(socket.join({ group, source: one }))
    Effect.runSync(socket.join({ group, source: other }))
    const absent = [{ group }, { group, source: "10.0.0.4" }, { group, interface: device }]
    for (const options of absent) {
      expect(failureOf(socket.leave(options)).reason._tag).toBe("AddressNotAvailable")
    }
    Effect.runSync(socket.leave({ group, source: one }))
    expect(failureOf(socket.leave({ group, source: one })).reason._tag).toBe("AddressNotAvailable")
    expect(failureOf(socket.join({ group })).reason._tag).toBe("AddressInUse")
    Effect.runSync(socket.leave({ group, source: other }))
    Effect.runSync(socket.join({ group }))
    Effect.runSync(socket.leave({ group }))
    expect(port.calls.length).toBe(6)
  })

  it("that the host refused are not joined", () => {
    const { port, socket } = new ScriptedUdp()
    port.refusal = new PortFailure(Reason.ResourceExhausted({ resource: "groups" }))
    expect(failureOf(socket.join({ group })).reason._tag).toBe("ResourceExhausted")
    port.refusal = undefined
    expect(failureOf(socket.leave({ group })).reason._tag).toBe("AddressNotAvailable")
    Effect.runSync(socket.join({ group }))
    port.refusal = new PortFailure(Reason.Unknown({ code: "?" }))
    expect(failureOf(socket.leave({ group })).reason._tag).toBe("Unknown")
    port.refusal = undefined
    Effect.runSync(socket.leave({ group }))
  })

  it("are literals of the socket's family", () => {
    const { port, socket } = new ScriptedUdp()
    const wrong: ReadonlyArray<[argument: string, Parameters<UdpSocket["join"]>[0]]> = [
      ["group", { group: "127.0.0.1" }],
      ["group", { group: "ff02::1" }],
      ["group", { group: "all" }],
      ["interface", { group, interface: "eth0" }],
      ["interface", { group, interface: "::1" }],
      ["source", { group, source: "239.1.1.2" }],
      ["source", { group, source: "::1" }]
    ]
    for (const [argument, options] of wrong) {
      expect(failureOf(socket.join(options)).message).toContain(`${argument} must be an IPv4`)
      expect(failureOf(socket.leave(options)).message).toContain(`${argument} must be an IPv4`)
    }
    expect(port.calls).toEqual([])
    const v6 = new ScriptedUdp({}, from(1000, "::"))
    Effect.runSync(v6.socket.join({ group: "ff02::1:3", interface: "::%eth0" }))
    expect(failureOf(v6.socket.join({ group })).message).toContain("group must be an IPv6")
  })
})
