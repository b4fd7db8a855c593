/** What becomes of datagrams, and of what a link holds. */
import { deepStrictEqual } from "./deepStrictEqual.ts"
import { receive } from "../../src/kernel/UdpDelivery.ts"
import { send } from "../../src/kernel/UdpSend.ts"
import { aHost, bHost, NetKernel, numbered } from "./NetKernel.ts"
import * as UdpBind from "../../src/kernel/UdpBind.ts"

const equal = deepStrictEqual

const near = (part: number, expected: number): void =>
  equal(Math.abs(part - expected) < 0.05 ? expected : part, expected)

export const datagramLaws: { readonly [name: string]: () => void } = {
  "a held link delivers in order once it is released": () => {
    const kernel = new NetKernel()
    const [from, to] = [kernel.bind(kernel.a), kernel.bind(kernel.b)]
    const release = kernel.change({ isHeld: true })
    const target = { _tag: "Inet", host: bHost, port: to.bound.port } as const
    for (let number = 0; number < 5; number++) send(kernel.a, from, Uint8Array.of(number), target)
    kernel.settle()
    equal(to.queue.length, 0)
    release()
    kernel.settle()
    equal(
      to.queue.map(({ bytes }) => bytes[0]),
      [0, 1, 2, 3, 4]
    )
  },

  "a lost datagram is lost in silence, and its buffer free": () => {
    const kernel = new NetKernel()
    const [from, to] = [kernel.bind(kernel.a), kernel.bind(kernel.b)]
    kernel.change({ loss: 1024 })
    const target = { _tag: "Inet", host: bHost, port: to.bound.port } as const
    equal(send(kernel.a, from, numbered(10), target), true)
    kernel.settle()
    equal([to.queue.length, from.sendingBytes, from.error], [0, 0, undefined])
  },

  "a datagram is lost with any of its fragments": () => {
    const kernel = new NetKernel()
    const [from, to] = [kernel.bind(kernel.a), kernel.bind(kernel.b)]
    kernel.change({ loss: 102 })
    const target = { _tag: "Inet", host: bHost, port: to.bound.port } as const
    const arrived = (bytes: number): number => {
      let count = 0
      for (let left = 500; left > 0; left--) {
        send(kernel.a, from, numbered(bytes), target)
        kernel.settle()
        if (receive(to) !== undefined) count++
      }
      return count / 500
    }
    // The most that goes whole, and ten times as much: nine parts of ten arrive, and 0.9^10.
    near(arrived(1472), 0.9)
    near(arrived(14_720), 0.35)
  },

  "over loopback a datagram goes whole": () => {
    const kernel = new NetKernel()
    const [from, to] = [kernel.bind(kernel.a), kernel.bind(kernel.a)]
    const seen: Array<number> = []
    kernel.network.watch = (_passage, _from, _to, { fragments }) => void seen.push(fragments)
    const port = to.bound.port
    send(kernel.a, from, numbered(60_000), { _tag: "Inet", host: "127.0.0.1", port })
    kernel.settle()
    equal(seen, [1, 1])
  },

  "a datagram may come twice": () => {
    const kernel = new NetKernel()
    const [from, to] = [kernel.bind(kernel.a), kernel.bind(kernel.b)]
    kernel.change({ duplicate: 1024 })
    const target = { _tag: "Inet", host: bHost, port: to.bound.port } as const
    send(kernel.a, from, numbered(10), target)
    kernel.settle()
    equal([to.queue.length, from.sendingBytes], [2, 0])
    equal(receive(to)!.from.ip.literal, aHost)
  },

  "a connected datagram socket is told of a closed port of another host": () => {
    const kernel = new NetKernel()
    const from = kernel.bind(kernel.a)
    UdpBind.connect(from, { _tag: "Inet", host: bHost, port: 9 })
    send(kernel.a, from, numbered(1), undefined)
    kernel.settle()
    equal(from.error, "connectionRefused")
  },

  "a connected datagram socket is told that a host is unreachable": () => {
    const kernel = new NetKernel()
    const from = kernel.bind(kernel.a)
    kernel.change({ partition: "reject" })
    UdpBind.connect(from, { _tag: "Inet", host: bHost, port: 9 })
    send(kernel.a, from, numbered(1), undefined)
    kernel.settle()
    equal(from.error, "hostUnreachable")
  }
}
