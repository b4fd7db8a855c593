/** The kernel's datagram sockets, as Linux 6.18 has them. */
import { describe, expect, it } from "vitest"
import * as UdpBind from "../../src/kernel/UdpBind.ts"
import { receive } from "../../src/kernel/UdpDelivery.ts"
import { costOf } from "../../src/kernel/UdpEndpoint.ts"
import { at, bytes, payloads, portOf, UdpKernel } from "./UdpKernel.ts"

describe("two sockets on one port", () => {
  const kinds = ["127.0.0.1", "0.0.0.0", "::", "::*", "::1"]
  const free = ["127.0.0.1 ::*", "127.0.0.1 ::1", "0.0.0.0 ::*", "0.0.0.0 ::1"]
  const cases = kinds.flatMap((one) => kinds.map((other) => [one, other] as const))

  it.each(cases)("%s, then %s", (first, second) => {
    const kernel = new UdpKernel()
    const port = portOf(kernel.bind(first))
    const isFree = free.includes(`${first} ${second}`) || free.includes(`${second} ${first}`)
    expect(kernel.tryBind(second, { port }) === "addressInUse").toBe(!isFree)
  })

  it.each(["reuseAddress", "reusePort"])("share it when both ask for %s", (option) => {
    const kernel = new UdpKernel()
    const port = portOf(kernel.bind("127.0.0.1", { [option]: true }))
    expect(kernel.tryBind("127.0.0.1", { port })).toBe("addressInUse")
    expect(kernel.tryBind("127.0.0.1", { port, [option]: true })).not.toBe("addressInUse")
  })

  it("have nothing to do with a listener's", () => {
    const kernel = new UdpKernel()
    const [, port] = kernel.listenAnywhere("127.0.0.1")
    expect(portOf(kernel.bind("127.0.0.1", { port }))).toBe(port)
  })
})

describe("a datagram", () => {
  it.each([
    ["127.0.0.1", "127.0.0.1", true],
    ["127.0.0.1", "127.0.0.2", false],
    ["0.0.0.0", "127.0.0.2", true],
    ["0.0.0.0", "127.255.255.255", true],
    ["127.0.0.1", "0.0.0.0", true],
    ["::", "127.0.0.1", true],
    ["::*", "127.0.0.1", false]
  ])("to who is bound to %s, sent to %s", (host, target, isReached) => {
    const kernel = new UdpKernel()
    const [socket, sender] = [kernel.bind(host), kernel.bind()]
    sender.mayBroadcast = true
    expect(kernel.send(sender, bytes(1), target, portOf(socket))).toBe(true)
    kernel.settle()
    expect(payloads(socket)).toEqual(isReached ? [[1]] : [])
  })

  it("arrives later, as it was when it was sent", () => {
    const kernel = new UdpKernel()
    const [socket, sender] = [kernel.bind(), kernel.bind()]
    const payload = bytes(1, 2)
    kernel.send(sender, payload, "127.0.0.1", portOf(socket))
    payload.fill(9)
    expect(socket.queue).toEqual([])
    kernel.settle()
    expect(payloads(socket)).toEqual([[1, 2]])
    expect(receive(socket)?.from).toEqual({
      ip: { family: 4, literal: "127.0.0.1" },
      port: portOf(sender)
    })
    expect([receive(socket), socket.queuedBytes]).toEqual([undefined, 0])
  })

  it.each([
    ["127.0.0.1", "127.0.0.1", 65_507, true],
    ["127.0.0.1", "127.0.0.1", 65_508, "messageTooLarge"],
    ["::1", "::1", 65_527, true],
    ["::1", "::1", 65_528, "messageTooLarge"],
    ["::", "::ffff:127.0.0.1", 65_508, "messageTooLarge"],
    ["127.0.0.1", "192.0.2.1", 1, "networkUnreachable"],
    ["127.0.0.1", "::1", 1, "networkUnreachable"],
    ["::1", "::ffff:127.0.0.1", 1, "networkUnreachable"],
    ["127.0.0.1", "127.255.255.255", 1, "permissionDenied"],
    ["127.0.0.1", "no address", 1, "invalidArgument"]
  ] as const)("from %s to %s, of %i bytes: %s", (host, target, length, outcome) => {
    const kernel = new UdpKernel()
    expect(kernel.send(kernel.bind(host), new Uint8Array(length), target, 1)).toBe(outcome)
  })

  it("goes to the most specific socket, and first to who is connected to its sender", () => {
    const kernel = new UdpKernel()
    const sender = kernel.bind()
    const any = kernel.bind("0.0.0.0", { reuseAddress: true })
    const port = portOf(any)
    const one = kernel.bind("127.0.0.1", { port, reuseAddress: true })
    const connected = kernel.bind("127.0.0.1", { port, reuseAddress: true })
    UdpBind.connect(connected, at("127.0.0.1", portOf(sender)))
    const last = kernel.bind("127.0.0.1", { port, reuseAddress: true })
    kernel.send(sender, bytes(1), "127.0.0.1", port)
    kernel.send(kernel.bind(), bytes(2), "127.0.0.1", port)
    kernel.send(sender, bytes(3), "127.0.0.2", port)
    kernel.settle()
    expect([any, one, connected, last].map(payloads)).toEqual([[[3]], [], [[1]], [[2]]])
  })

  it("goes, of a shared port, always to the same socket from one sender", () => {
    const kernel = new UdpKernel()
    const first = kernel.bind("127.0.0.1", { reusePort: true })
    const port = portOf(first)
    const sockets = [first, kernel.bind("127.0.0.1", { port, reusePort: true })]
    for (let each = 0; each < 50; each++) {
      const sender = kernel.bind()
      const before = sockets.map(({ queue }) => queue.length)
      for (let time = 0; time < 2; time++) kernel.send(sender, bytes(1), "127.0.0.1", port)
      kernel.settle()
      const growth = sockets.map(({ queue }, index) => queue.length - before[index]!)
      expect(Math.max(...growth)).toBe(2)
    }
    expect(sockets.every(({ queue }) => queue.length > 0)).toBe(true)
  })
})

describe("buffers", () => {
  it("hold 92 datagrams of 1 KiB, and drop the rest in silence", () => {
    const kernel = new UdpKernel()
    const [socket, sender] = [kernel.bind(), kernel.bind()]
    let sent = 0
    for (let each = 0; each < 2_000; each++) {
      if (kernel.send(sender, new Uint8Array(1024), "127.0.0.1", portOf(socket)) === true) sent++
      else kernel.settle()
    }
    kernel.settle()
    expect(sent).toBeGreaterThan(1_900)
    expect(socket.queue.length).toBe(92)
    receive(socket)
    kernel.send(sender, bytes(1), "127.0.0.1", portOf(socket))
    kernel.settle()
    expect(socket.queue.length).toBe(92)
  })

  it.each([
    [1, 768],
    [1024, 2304],
    [9_000, 256 + 3 * 4096],
    [65_507, 256 + 17 * 4096]
  ])("count %i bytes as %i", (payload, cost) => {
    expect(costOf(payload)).toBe(cost)
  })

  it("take one datagram when they are empty, whatever its length", () => {
    const kernel = new UdpKernel()
    const [socket, sender] = [kernel.bind("127.0.0.1", { kernelReceiveBytes: 256 }), kernel.bind()]
    expect(socket.receiveBytesMax).toBe(2304)
    for (const length of [60_000, 1]) {
      kernel.send(sender, new Uint8Array(length), "127.0.0.1", portOf(socket))
    }
    kernel.settle()
    expect(socket.queue.map((datagram) => datagram.bytes.length)).toEqual([60_000])
  })

  it("are granted twice what was asked for, within the host's bounds", () => {
    const kernel = new UdpKernel()
    const asked = { kernelReceiveBytes: 65_536, kernelSendBytes: 100 }
    const socket = kernel.bind("127.0.0.1", asked)
    expect([socket.receiveBytesMax, socket.sendBytesMax]).toEqual([131_072, 4608])
    const most = kernel.bind("127.0.0.1", { kernelReceiveBytes: 2 ** 30 })
    expect(most.receiveBytesMax).toBe(2 * 212_992)
  })

  it("of a sender are full until its datagrams have arrived, and tell when half is free", () => {
    const kernel = new UdpKernel()
    const sender = kernel.bind("127.0.0.1", { kernelSendBytes: 4_096 })
    let writable = 0
    sender.watcher = { changed: (edges) => void (writable += edges & 2) }
    const target = portOf(kernel.bind())
    const takes = () => kernel.send(sender, new Uint8Array(1024), "127.0.0.1", target)
    expect([takes(), takes(), takes(), takes(), takes()]).toEqual([true, true, true, true, false])
    kernel.settle()
    expect([writable, takes()]).toEqual([2, true])
  })
})

it("a socket gives its descriptor and its port back once", () => {
  const kernel = new UdpKernel({ descriptorsMax: 1 })
  const socket = kernel.bind()
  expect(kernel.tryBind("127.0.0.1")).toBe("descriptorsUsedUp")
  UdpBind.close(kernel.host, socket)
  UdpBind.close(kernel.host, socket)
  expect(kernel.host.descriptors).toBe(0)
  expect(portOf(kernel.bind("127.0.0.1", { port: portOf(socket) }))).toBe(portOf(socket))
})
