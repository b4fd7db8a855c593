/** What a datagram socket asks of its host, in what order, and what it tells its users. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"
import type { IoError } from "../../src/IoError.ts"
import { PortFailure } from "../../src/port/index.ts"
import { Reason } from "../../src/Reason.ts"
import type { OutgoingDatagram } from "../../src/UdpSocket.ts"
import { from, ScriptedUdp } from "../scripted/ScriptedUdp.ts"
import { never, Stepped, steps, stepsMax } from "../scripted/StepScheduler.ts"

const bytes = (...numbers: ReadonlyArray<number>) => Uint8Array.of(...numbers)
const to = (port: number): OutgoingDatagram => ({ bytes: bytes(port), to: { port } })
const refused = new PortFailure(Reason.ConnectionRefused(), "ECONNREFUSED")
const tooLarge = new PortFailure(Reason.MessageTooLarge({ bytesMax: 1400 }))

const failureOf = (effect: Effect.Effect<unknown, IoError>): IoError =>
  Effect.runSync(Effect.flip(effect))

describe("a send", () => {
  it("names its destination as the port wants it", () => {
    const { port, socket } = new ScriptedUdp()
    Effect.runSync(socket.send(bytes(1), { port: 5 }))
    Effect.runSync(socket.send(bytes(2), { host: "::ffff:10.0.0.1", port: 6 }))
    expect(port.sent.map((one) => one.to)).toEqual([from(5), from(6, "10.0.0.1")])
    expect(socket.datagrams.datagramsSent).toBe(2)
    expect(socket.counters.bytesWritten).toBe(2)
  })

  it("maps IPv4 on a dual-stack socket, and only there", () => {
    const dual = new ScriptedUdp({}, from(1000, "::"))
    Effect.runSync(dual.socket.send(bytes(1), { host: "10.0.0.1", port: 5 }))
    Effect.runSync(dual.socket.send(bytes(1), { host: "fe80::1%eth0", port: 5 }))
    const hosts = dual.port.sent.map((one) => one.to!.host)
    expect(hosts).toEqual(["::ffff:10.0.0.1", "fe80::1%eth0"])
    const alone = new ScriptedUdp({ ipv6Only: true }, from(1000, "::"))
    const specific = new ScriptedUdp({}, from(1000, "::1"))
    for (const { socket } of [alone, specific]) {
      expect(failureOf(socket.send(bytes(1), { port: 5 })).message).toBe(
        "UdpSocket.send: InvalidArgument (to.host must be an IPv6 literal, " +
          "as the socket's own address is: 127.0.0.1)"
      )
    }
  })

  it("is as long as the path may carry", () => {
    const { port, socket } = new ScriptedUdp()
    Effect.runSync(socket.send(new Uint8Array(65_507), { port: 5 }))
    expect(failureOf(socket.send(new Uint8Array(65_508), { port: 5 })).message).toBe(
      "UdpSocket.send udp://127.0.0.1:5: MessageTooLarge (at most 65507 bytes)"
    )
    const dual = new ScriptedUdp({}, from(1000, "::"))
    Effect.runSync(dual.socket.send(new Uint8Array(65_527), { host: "::1", port: 5 }))
    const mapped = dual.socket.send(new Uint8Array(65_508), { port: 5 })
    expect(failureOf(mapped).reason._tag).toBe("MessageTooLarge")
    expect(port.sent.length).toBe(1)
  })

  it("gives a host that reads later bytes of its own", () => {
    const { port, socket } = new ScriptedUdp()
    port.lends = true
    const mine = bytes(1, 2, 3)
    Effect.runSync(socket.send(mine, { port: 5 }))
    mine.fill(0)
    expect([...port.sent[0]!.bytes]).toEqual([1, 2, 3])
  })

  it("tells what the host failed with, and about whom", () => {
    const { port, socket } = new ScriptedUdp()
    port.failures.set(7, tooLarge)
    const error = failureOf(socket.send(bytes(1), { port: 7 }))
    expect(error).toMatchObject({ operation: "UdpSocket.send", address: "udp://127.0.0.1:7" })
    expect([error.reason._tag, error.index]).toEqual(["MessageTooLarge", undefined])
  })
})

describe("a full host", () => {
  it("is asked again in call order, and nobody overtakes", () => {
    const { port, socket } = new ScriptedUdp()
    port.room = 0
    const fibers = [
      Effect.runFork(socket.send(bytes(1), { port: 1 })),
      Effect.runFork(socket.sendBatch([to(2), to(3), to(4)])),
      Effect.runFork(socket.send(bytes(5), { port: 5 }))
    ]
    expect(Effect.runSync(socket.trySendBatch([to(9)]))).toBe(0)
    expect(socket.counters.bytesQueued).toBe(5)
    expect(socket.waits.map(({ operation }) => operation)).toEqual([
      "UdpSocket.send",
      "UdpSocket.sendBatch",
      "UdpSocket.send"
    ])
    port.makeRoom(2)
    expect(port.sent.map((one) => one.to!.port)).toEqual([1, 2])
    expect(fibers.map((fiber) => fiber.pollUnsafe() !== undefined)).toEqual([true, false, false])
    expect(Effect.runSync(socket.trySendBatch([to(9)]))).toBe(0)
    port.makeRoom(9)
    expect(port.sent.map((one) => one.to!.port)).toEqual([1, 2, 3, 4, 5])
    expect(fibers.every((fiber) => Exit.isSuccess(fiber.pollUnsafe()!))).toBe(true)
    expect(socket.counters.bytesQueued).toBe(0)
  })

  it("is asked for those who wait before anybody who was just served", () => {
    const { port, socket } = new ScriptedUdp()
    port.room = 0
    let tried = -1
    const first = Effect.gen(function* () {
      yield* socket.send(bytes(1), { port: 1 })
      tried = yield* socket.trySendBatch([to(9)])
      yield* socket.send(bytes(3), { port: 3 })
    })
    const fibers = [Effect.runFork(first), Effect.runFork(socket.send(bytes(2), { port: 2 }))]
    port.makeRoom(10)
    expect(fibers.map((fiber) => fiber.pollUnsafe()?._tag)).toEqual(["Success", "Success"])
    expect(port.sent.map((one) => one.to!.port)).toEqual([1, 2, 3])
    expect(tried).toBe(0)
  })

  it("says how many it took, and wakes who waits for room", () => {
    const { port, socket } = new ScriptedUdp()
    port.room = 2
    expect(Effect.runSync(socket.trySendBatch([to(1), to(2), to(3)]))).toBe(2)
    expect(Effect.runSync(socket.trySendBatch([to(3)]))).toBe(0)
    const waiting = Effect.runFork(socket.awaitWritable)
    expect(waiting.pollUnsafe()).toBeUndefined()
    port.makeRoom(1)
    expect(Exit.isSuccess(waiting.pollUnsafe()!)).toBe(true)
    expect(Effect.runSync(socket.trySendBatch([to(3)]))).toBe(1)
    expect(socket.datagrams.datagramsSent).toBe(3)
  })

  it("is looked at again when the peer answers", () => {
    const { port, socket } = new ScriptedUdp()
    Effect.runSync(socket.connect({ port: 9 }))
    port.room = 0
    expect(Effect.runSync(socket.trySendBatch([{ bytes: bytes(1) }]))).toBe(0)
    const waiting = Effect.runFork(socket.awaitWritable)
    expect(waiting.pollUnsafe()).toBeUndefined()
    port.refuse(refused)
    expect(Exit.isSuccess(waiting.pollUnsafe()!)).toBe(true)
  })

  it("lets no peer be changed while sends wait", () => {
    const { port, socket } = new ScriptedUdp()
    port.room = 0
    const waiting = Effect.runFork(socket.send(bytes(1), { port: 1 }))
    expect(failureOf(socket.connect({ port: 9 })).reason._tag).toBe("Busy")
    port.makeRoom(1)
    expect(Exit.isSuccess(waiting.pollUnsafe()!)).toBe(true)
    Effect.runSync(socket.connect({ port: 9 }))
  })

  it("is not asked for what was interrupted while it waited, whenever that was", () => {
    const outcomes = new Set<string>()
    for (const room of steps) {
      for (const interrupt of [never, ...steps]) {
        const { port, scripted, socket } = new ScriptedUdp()
        port.room = 0
        const sending = new Stepped(scripted.host, socket.send(bytes(1), { port: 1 }))
        for (let step = 0; step <= stepsMax; step++) {
          if (step === room) port.makeRoom(1)
          if (step === interrupt) sending.interrupt()
          sending.step()
        }
        sending.settle()
        const isSent = port.sent.length === 1
        const exit = sending.fiber.pollUnsafe()!
        // What was taken is sent even if the sender is interrupted before it hears of it.
        if (Exit.isSuccess(exit) && !isSent) throw new Error("success, and nothing sent")
        if (socket.waits.length > 0) throw new Error("the sender still waits")
        outcomes.add(`${exit._tag} ${isSent}`)
      }
    }
    expect(outcomes).toContain("Success true")
    expect(outcomes).toContain("Failure false")
  })
})

describe("a batch", () => {
  it("goes in one call", () => {
    const { port, socket } = new ScriptedUdp()
    Effect.runSync(socket.sendBatch([to(1), to(2), to(3)]))
    expect(port.calls).toEqual(["send 3"])
  })

  it("stops at the first that fails, and says which", () => {
    const { port, socket } = new ScriptedUdp()
    port.failures.set(3, tooLarge)
    const error = failureOf(socket.sendBatch([to(1), to(2), to(3), to(4)]))
    expect(error.index).toBe(2)
    expect(error.message).toBe(
      "UdpSocket.sendBatch[2] udp://127.0.0.1:3: MessageTooLarge (at most 1400 bytes)"
    )
    expect(port.sent.map((one) => one.to!.port)).toEqual([1, 2])
  })

  it("stops at the first that is too long for any path, after those before it", () => {
    const { port, socket } = new ScriptedUdp()
    const long = { bytes: new Uint8Array(65_508), to: { port: 2 } }
    expect(failureOf(socket.sendBatch([to(1), long, to(3)])).index).toBe(1)
    expect(Effect.runSync(socket.trySendBatch([to(4), long]))).toBe(1)
    expect(failureOf(socket.trySendBatch([long, to(5)])).index).toBe(0)
    expect(port.sent.map((one) => one.to!.port)).toEqual([1, 4])
  })

  it("is checked before any of it goes", () => {
    const { port, socket } = new ScriptedUdp()
    const nobody = { bytes: bytes(1) }
    expect(failureOf(socket.sendBatch([to(1), nobody])).message).toContain("batch[1].to must be")
    expect(failureOf(socket.sendBatch([to(1), to(0)])).message).toContain("batch[1].to.port must")
    const many = Array.from({ length: 1_025 }, () => to(1))
    expect(failureOf(socket.trySendBatch(many)).message).toContain("at most 1024 datagrams")
    expect(port.calls).toEqual([])
  })

  it.each(["close", "connect"] as const)("goes before or after a %s, never across it", (what) => {
    const outcomes = new Set<string>()
    for (const at of steps) {
      const { port, scripted, socket } = new ScriptedUdp()
      const sending = new Stepped(scripted.host, socket.sendBatch([to(1), to(2)]))
      sending.steps(at)
      if (what === "close") Effect.runFork(socket.close)
      else Effect.runSync(socket.connect({ port: 9 }))
      sending.settle()
      const exit = sending.fiber.pollUnsafe()!
      expect(port.calls).not.toContain("address mistaken")
      expect(port.calls).not.toContain("send after close")
      expect(port.sent.length).toBe(Exit.isSuccess(exit) ? 2 : 0)
      outcomes.add(exit._tag)
    }
    expect([...outcomes].toSorted()).toEqual(["Failure", "Success"])
  })

  it("may be empty", () => {
    const { port, socket } = new ScriptedUdp()
    Effect.runSync(socket.sendBatch([]))
    expect(Effect.runSync(socket.trySendBatch([]))).toBe(0)
    expect(port.calls).toEqual([])
  })
})

describe("a peer", () => {
  const connected = () => {
    const scripted = new ScriptedUdp()
    Effect.runSync(scripted.socket.connect({ port: 9 }))
    return scripted
  }

  it("needs no address, and bears none", () => {
    const { port, socket } = connected()
    Effect.runSync(socket.send(bytes(1)))
    expect(port.sent).toEqual([{ bytes: bytes(1), to: undefined }])
    expect(failureOf(socket.send(bytes(1), { port: 9 })).message).toContain("to must be left out")
    expect(socket.label).toBe("UdpSocket #1 udp://127.0.0.1:1000 → udp://127.0.0.1:9")
  })

  it("is let go once", () => {
    const { port, socket } = connected()
    Effect.runSync(socket.disconnect)
    Effect.runSync(socket.disconnect)
    expect(port.calls).toEqual([
      ["connect", from(9)],
      ["connect", undefined]
    ])
    expect(failureOf(socket.send(bytes(1))).message).toContain("to must be given")
  })

  it("stays when the host refuses another", () => {
    const { port, socket } = connected()
    port.refusal = new PortFailure(Reason.HostUnreachable())
    expect(failureOf(socket.connect({ port: 10 })).reason._tag).toBe("HostUnreachable")
    expect(socket.label).toContain("→ udp://127.0.0.1:9")
  })

  it("answers once, to the next operation, whichever that is", () => {
    const operations = (socket: ScriptedUdp["socket"]) => [
      socket.receive,
      socket.receiveBatch(2),
      socket.tryReceive,
      socket.send(bytes(1)),
      socket.sendBatch([{ bytes: bytes(1) }]),
      socket.trySendBatch([{ bytes: bytes(1) }])
    ]
    for (const which of operations(connected().socket).keys()) {
      const { port, socket } = connected()
      port.give(bytes(7))
      port.refuse(refused)
      port.refuse(refused)
      const error = failureOf(operations(socket)[which]!)
      expect([error.reason._tag, error.cause]).toEqual(["ConnectionRefused", "ECONNREFUSED"])
      expect(error.address).toBe("udp://127.0.0.1:9")
      expect(port.sent).toEqual([])
      Effect.runSync(socket.send(bytes(2)))
      expect([...Effect.runSync(socket.receive).bytes]).toEqual([7])
      expect(socket.datagrams.refusals).toBe(2)
    }
  })

  it("answers to the first that waits, and to nobody else", () => {
    const { port, socket } = connected()
    const waiting = [Effect.runFork(socket.receive), Effect.runFork(socket.receive)]
    port.refuse(refused)
    expect(Exit.isFailure(waiting[0]!.pollUnsafe()!)).toBe(true)
    port.give(bytes(7))
    expect(Exit.isSuccess(waiting[1]!.pollUnsafe()!)).toBe(true)
    Effect.runSync(socket.send(bytes(1)))
  })

  it("answers to who waits until there is something to receive", () => {
    const { port, socket } = connected()
    const waiting = Effect.runFork(socket.awaitReadable)
    expect(waiting.pollUnsafe()).toBeUndefined()
    port.refuse(refused)
    expect(Exit.isSuccess(waiting.pollUnsafe()!)).toBe(true)
    expect(failureOf(socket.tryReceive).reason._tag).toBe("ConnectionRefused")
  })

  it("is forgotten with what it answered", () => {
    const { port, socket } = connected()
    port.refuse(refused)
    Effect.runSync(socket.connect({ port: 10 }))
    Effect.runSync(socket.send(bytes(1)))
    expect(socket.datagrams.refusals).toBe(1)
  })

  it("that answered a send is counted, on a connected socket and on another", () => {
    const { port, socket } = new ScriptedUdp()
    port.refuse(refused)
    Effect.runSync(socket.send(bytes(1), { port: 5 }))
    expect(socket.datagrams.refusals).toBe(1)
    port.failures.set(0, refused)
    Effect.runSync(socket.connect({ port: 9 }))
    expect(failureOf(socket.send(bytes(1))).reason._tag).toBe("ConnectionRefused")
    expect(socket.datagrams.refusals).toBe(2)
  })
})
