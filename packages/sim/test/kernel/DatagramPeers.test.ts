/** Who a datagram socket is connected to, and which groups it is in, as Linux 6.18 has it. */
import type { Membership } from "@portico/core/port/index"
import { describe, expect, it } from "vitest"
import * as UdpBind from "../../src/kernel/UdpBind.ts"
import type { UdpEndpoint } from "../../src/kernel/UdpEndpoint.ts"
import { at, bytes, payloads, portOf, UdpKernel } from "./UdpKernel.ts"

describe("a port that nobody has", () => {
  const refusing = (isConnected: boolean) => {
    const kernel = new UdpKernel()
    const [socket, gone] = [kernel.bind(), kernel.bind()]
    UdpBind.close(kernel.host, gone)
    if (isConnected) UdpBind.connect(socket, at("127.0.0.1", portOf(gone)))
    let readable = 0
    socket.watcher = { changed: (edges) => void (readable += edges & 1) }
    const to = isConnected ? [] : (["127.0.0.1", portOf(gone)] as const)
    expect(kernel.send(socket, bytes(1), ...(to as []))).toBe(true)
    kernel.settle()
    return { kernel, readable, socket }
  }

  it("answers to who is connected to it, once", () => {
    const { kernel, readable, socket } = refusing(true)
    expect([socket.error, readable]).toEqual(["connectionRefused", 1])
    expect(kernel.send(socket, bytes(2))).toBe("connectionRefused")
    expect(kernel.send(socket, bytes(3))).toBe(true)
  })

  it("answers to nobody else", () => {
    const { readable, socket } = refusing(false)
    expect([socket.error, readable]).toEqual([undefined, 0])
  })

  it("answers too late to who has let it go", () => {
    const { kernel, socket } = refusing(true)
    socket.error = undefined
    kernel.send(socket, bytes(2))
    UdpBind.connect(socket, undefined)
    kernel.settle()
    expect(socket.error).toBeUndefined()
  })
})

describe("a connected socket", () => {
  it("that was bound to any address is narrowed to one, and widened again", () => {
    const kernel = new UdpKernel()
    const [socket, peer] = [kernel.bind("0.0.0.0"), kernel.bind("127.0.0.2")]
    UdpBind.connect(socket, peer.address)
    kernel.send(peer, bytes(1), "127.0.0.1", portOf(socket))
    kernel.send(peer, bytes(2), "127.0.0.3", portOf(socket))
    kernel.settle()
    expect(payloads(socket)).toEqual([[1]])
    UdpBind.connect(socket, undefined)
    kernel.send(kernel.bind(), bytes(3), "127.0.0.3", portOf(socket))
    kernel.settle()
    expect(payloads(socket)).toEqual([[1], [3]])
  })

  it("keeps what came before", () => {
    const kernel = new UdpKernel()
    const [socket, stranger, peer] = [kernel.bind(), kernel.bind(), kernel.bind()]
    kernel.send(stranger, bytes(1), "127.0.0.1", portOf(socket))
    kernel.settle()
    UdpBind.connect(socket, peer.address)
    kernel.send(stranger, bytes(2), "127.0.0.1", portOf(socket))
    kernel.settle()
    expect(payloads(socket)).toEqual([[1]])
  })
})

describe("a group", () => {
  const group = "239.1.2.3"
  const membership: Membership = { group, interface: "127.0.0.1", source: undefined }

  const members = (count: number) => {
    const kernel = new UdpKernel()
    const first = kernel.bind("0.0.0.0", { reuseAddress: true })
    const port = portOf(first)
    const others = Array.from({ length: count - 1 }, () =>
      kernel.bind("0.0.0.0", { port, reuseAddress: true })
    )
    const sender = kernel.bind()
    const sendTo = (from: UdpEndpoint, number: number) => {
      kernel.send(from, bytes(number), group, port)
      kernel.settle()
    }
    return { kernel, sender, sendTo, sockets: [first, ...others] }
  }

  it("reaches nobody until somebody joins, then also who did not (IP_MULTICAST_ALL)", () => {
    const { sender, sendTo, sockets } = members(2)
    sendTo(sender, 1)
    expect(UdpBind.join(sockets[0]!, membership)).toBeUndefined()
    sendTo(sender, 2)
    expect(sockets.map(payloads)).toEqual([[[2]], [[2]]])
    UdpBind.leave(sockets[0]!, membership)
    sendTo(sender, 3)
    expect(sockets.map(payloads)).toEqual([[[2]], [[2]]])
  })

  it("is filtered by source for who joined for one", () => {
    const { kernel, sender, sendTo, sockets } = members(2)
    UdpBind.join(sockets[0]!, { ...membership, source: "127.0.0.2" })
    UdpBind.join(sockets[1]!, membership)
    sendTo(sender, 1)
    sendTo(kernel.bind("127.0.0.2"), 2)
    expect(sockets.map(payloads)).toEqual([[[2]], [[1], [2]]])
  })

  it("is named by its members' errors as on Linux", () => {
    const { sockets } = members(1)
    const socket = sockets[0]!
    const [a, b] = ["127.0.0.2", "127.0.0.3"].map((source) => ({ ...membership, source }))
    expect(UdpBind.leave(socket, membership)).toBe("addressNotAvailable")
    expect(UdpBind.join(socket, { ...membership, interface: "192.0.2.1" })).toBe(
      "addressNotAvailable"
    )
    expect(UdpBind.join(socket, a!)).toBeUndefined()
    expect(UdpBind.join(socket, a!)).toBe("addressNotAvailable")
    expect(UdpBind.join(socket, b!)).toBeUndefined()
    expect(UdpBind.join(socket, membership)).toBe("addressInUse")
    expect(UdpBind.leave(socket, b!)).toBeUndefined()
    expect(UdpBind.leave(socket, a!)).toBeUndefined()
    expect(UdpBind.leave(socket, a!)).toBe("addressNotAvailable")
    for (let each = 0; each < 20; each++) {
      expect(UdpBind.join(socket, { ...membership, group: `239.0.0.${each}` })).toBeUndefined()
    }
    expect(UdpBind.join(socket, membership)).toBe("groupsUsedUp")
  })

  it("is sent from the interface that was chosen", () => {
    const { kernel, sendTo, sockets } = members(1)
    UdpBind.join(sockets[0]!, membership)
    const sender = kernel.bind("0.0.0.0")
    expect(UdpBind.setMulticastInterface(sender, "192.0.2.1")).toBe("addressNotAvailable")
    expect(UdpBind.setMulticastInterface(sender, "127.0.0.9")).toBeUndefined()
    sendTo(sender, 1)
    expect(sockets[0]!.queue[0]!.from.ip.literal).toBe("127.0.0.9")
  })
})
