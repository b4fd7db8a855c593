/**
 * What kernels do when the network loses, doubles, reorders and delays, as Linux has it. Each law
 * throws if it does not hold, so that mutants of the kernel can be held against it.
 */
import { deepStrictEqual } from "./deepStrictEqual.ts"
import { isReadable, isWritable } from "../../src/kernel/Endpoint.ts"
import { InetNames } from "../../src/kernel/InetNames.ts"
import { close, reset } from "../../src/kernel/Teardown.ts"
import { read, shutdown, write } from "../../src/kernel/Transfer.ts"
import { closeAll } from "../../src/kernel/closeAll.ts"
import { closeListener } from "../../src/kernel/Listener.ts"
import { receive } from "../../src/kernel/UdpDelivery.ts"
import * as UdpBind from "../../src/kernel/UdpBind.ts"
import { send } from "../../src/kernel/UdpSend.ts"
import { Prng } from "../../src/Prng.ts"
import { aHost, bHost, milli, NetKernel, numbered, readAll, second, writeAll } from "./NetKernel.ts"

const equal = deepStrictEqual

export const laws: { readonly [name: string]: () => void } = {
  "a SYN without an answer is sent again ten times, and given up after 131 s": () => {
    const kernel = new NetKernel()
    kernel.powerOff()
    const client = kernel.connect()
    kernel.settle()
    const sent = kernel.times("a", "Syn")
    equal(
      sent.map((millis) => Math.round(millis / 1000)),
      [0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67]
    )
    equal([client.phase, client.error], ["failed", "timedOut"])
    equal(Math.round(kernel.now / second), 131)
  },

  "an address that nobody has is as silent as a host without power": () => {
    const kernel = new NetKernel()
    kernel.drop("a", "Syn", () => false)
    const client = kernel.connect(80)
    equal(client.phase, "connecting")
    kernel.powerOff()
    kernel.pass(130 * second)
    equal(client.phase, "connecting")
  },

  "a connect whose SYN got lost is made by the next": () => {
    const kernel = new NetKernel()
    kernel.listen()
    kernel.drop("a", "Syn", (number) => number <= 2)
    const client = kernel.connect()
    kernel.settle()
    equal([client.phase, kernel.times("a", "Syn")], ["established", [0, 1000, 2000]])
  },

  "a connect whose answer got lost is made once the answer comes again": () => {
    const kernel = new NetKernel()
    const listener = kernel.listen()
    kernel.drop("b", "Accepted")
    const client = kernel.connect()
    kernel.settle()
    equal(client.phase, "established")
    equal([listener.queue.length, listener.handshakes.size], [1, 0])
    kernel.accept(listener)
  },

  "a server that speaks first gets its connection although the client's word was lost": () => {
    const kernel = new NetKernel()
    const listener = kernel.listen()
    kernel.drop("a", "Confirmed")
    kernel.connect()
    kernel.pass(500 * milli)
    equal(listener.queue.length, 0)
    kernel.settle()
    equal(listener.queue.length, 1)
    equal(kernel.times("b", "Accepted"), [1, 1002])
  },

  "data of the client is its word as well": () => {
    const kernel = new NetKernel()
    const listener = kernel.listen()
    kernel.drop("a", "Confirmed")
    const client = kernel.connect()
    kernel.pass(10 * milli)
    writeAll(client, numbered(3))
    kernel.pass(10 * milli)
    equal(readAll(kernel.accept(listener)), [0, 1, 2])
  },

  "the timer of a handshake does not stand in the way of that of data": () => {
    const kernel = new NetKernel()
    const listener = kernel.listen()
    kernel.drop("a", "Confirmed")
    const client = kernel.connect()
    kernel.pass(10 * milli)
    writeAll(client, numbered(1))
    kernel.pass(10 * milli)
    kernel.drop("b", "Data")
    writeAll(kernel.accept(listener), numbered(3))
    kernel.settle()
    equal(readAll(client), [0, 1, 2])
  },

  "a half-open handshake gives its place up after 63 s": () => {
    const kernel = new NetKernel()
    const listener = kernel.listen()
    kernel.drop("a", "Confirmed", () => true)
    kernel.connect()
    kernel.settle()
    equal(listener.handshakes.size, 0)
    equal(
      kernel.times("b", "Accepted").map((millis) => Math.round(millis / 1000)),
      [0, 1, 3, 7, 15, 31]
    )
  },

  "a SYN that finds no room is dropped, and sent again": () => {
    const kernel = new NetKernel()
    const listener = kernel.listen(80, { backlog: 1 })
    const clients = [kernel.connect(), kernel.connect(), kernel.connect()]
    kernel.pass(500 * milli)
    equal(
      clients.map(({ phase }) => phase),
      ["established", "established", "connecting"]
    )
    kernel.accept(listener)
    kernel.pass(100 * milli)
    equal(clients[2]!.phase, "connecting")
    kernel.pass(second)
    equal(clients[2]!.phase, "established")
  },

  "lost data is sent again after 200 ms, and then ever later": () => {
    const kernel = new NetKernel()
    const { client, server } = kernel.pair()
    const start = kernel.now / milli
    kernel.drop("a", "Data", (number) => number <= 3)
    writeAll(client, numbered(100))
    kernel.settle()
    const times = kernel.times("a", "Data").map((millis) => Math.round(millis - start))
    equal(times, [0, 200, 600, 1400])
    equal(readAll(server), [...numbered(100)])
  },

  "what is never acknowledged is given up after 924.6 s": () => {
    const kernel = new NetKernel()
    const { client } = kernel.pair()
    const start = kernel.now
    kernel.powerOff()
    writeAll(client, numbered(1))
    kernel.settle()
    equal([client.phase, client.error], ["failed", "timedOut"])
    equal(Math.round((kernel.now - start) / (100 * milli)), 9246)
    equal(kernel.times("a", "Data").length, 16)
  },

  "a peer that answers again is not given up": () => {
    const kernel = new NetKernel()
    const { client, server } = kernel.pair()
    const heal = kernel.change({ partition: "drop" })
    writeAll(client, numbered(1))
    kernel.pass(60 * second)
    heal()
    kernel.settle()
    equal(readAll(server), [0])
    equal(client.retries, 0)
  },

  "segments that overtake each other are put in order": () => {
    const kernel = new NetKernel()
    const { client, server } = kernel.pair()
    kernel.drop("a", "Data", (number) => number === 2, { delayNanos: 30 * milli })
    // A segment that is late does not hold up the others: it has no place in their order.
    kernel.change({ reorder: 1024, spreadNanos: 5 * milli })
    for (let at = 0; at < 10; at++) writeAll(client, numbered(10, at * 10))
    kernel.settle()
    equal(readAll(server), [...numbered(100)])
  },

  "segments that come twice count once": () => {
    const kernel = new NetKernel()
    const { client, server } = kernel.pair()
    kernel.change({ duplicate: 1024 })
    writeAll(client, numbered(5000))
    shutdown(kernel.a, client)
    kernel.settle()
    equal(readAll(server), [...numbered(5000)])
    equal(read(kernel.b, server, 1), "End")
    equal(server.received, 5001)
  },

  "a handshake whose packets come twice is one connection": () => {
    const kernel = new NetKernel()
    const listener = kernel.listen()
    kernel.change({ duplicate: 1024 })
    const client = kernel.connect()
    kernel.settle()
    equal([client.phase, listener.queue.length], ["established", 1])
  },

  "the first of many segments is sent again at the third sign that it is missing": () => {
    const kernel = new NetKernel()
    const { client, server } = kernel.pair()
    kernel.drop("a", "Data")
    const start = kernel.now
    writeAll(client, numbered(1448 * 5))
    kernel.pass(20 * milli)
    equal(readAll(server).length, 1448 * 5)
    equal(kernel.now - start < 100 * milli, true)
  },

  "only what is missing is sent again": () => {
    const kernel = new NetKernel()
    const { client, server } = kernel.pair()
    kernel.drop("a", "Data", (number) => number === 2)
    writeAll(client, numbered(1448 * 3))
    kernel.settle()
    equal(readAll(server).length, 1448 * 3)
    equal(kernel.times("a", "Data").length, 4)
  },

  "a lost acknowledgement is asked for again": () => {
    const kernel = new NetKernel()
    const { client, server } = kernel.pair()
    kernel.drop("b", "Ack")
    writeAll(client, numbered(10))
    kernel.settle()
    equal([client.acknowledged, client.flight!.length], [10, 0])
    equal(readAll(server).length, 10)
  },

  "a window whose opening got lost is asked for": () => {
    const kernel = new NetKernel({ receiveBufferBytes: 1000 })
    const { client, server } = kernel.pair()
    writeAll(client, numbered(1500))
    kernel.settle()
    equal(client.unsent.bytes, 500)
    kernel.drop("b", "Ack")
    const first = readAll(server)
    kernel.settle()
    equal([...first, ...readAll(server)], [...numbered(1500)])
    equal(kernel.times("a", "Probe").length, 1)
  },

  "a lost end comes again": () => {
    const kernel = new NetKernel()
    const { client, server } = kernel.pair()
    kernel.drop("a", "End")
    shutdown(kernel.a, client)
    kernel.pass(100 * milli)
    equal(isReadable(server), false)
    kernel.settle()
    equal(read(kernel.b, server, 1), "End")
  },

  "an end that overtakes data waits for it": () => {
    const kernel = new NetKernel()
    const { client, server } = kernel.pair()
    kernel.drop("a", "Data")
    writeAll(client, numbered(10))
    shutdown(kernel.a, client)
    kernel.pass(50 * milli)
    equal(read(kernel.b, server, 100), "WouldBlock")
    kernel.settle()
    equal(readAll(server), [...numbered(10)])
    equal(read(kernel.b, server, 1), "End")
  },

  "who missed a reset learns of it when it sends": () => {
    const kernel = new NetKernel()
    const { client, server } = kernel.pair()
    kernel.drop("b", "Reset")
    reset(kernel.b, server)
    kernel.settle()
    equal(client.phase, "established")
    writeAll(client, numbered(1))
    kernel.settle()
    equal([client.phase, client.error], ["failed", "connectionReset"])
  },

  "a host that lost its power says nothing, and after its start that it knows nothing": () => {
    const kernel = new NetKernel()
    const { client } = kernel.pair()
    kernel.powerOff()
    kernel.settle()
    equal(client.phase, "established")
    kernel.rebootB()
    writeAll(client, numbered(1))
    kernel.settle()
    equal([client.phase, client.error], ["failed", "connectionReset"])
  },

  "a connection that its program closed is given up after 102.2 s": () => {
    const kernel = new NetKernel()
    const { client } = kernel.pair()
    const start = kernel.now
    kernel.powerOff()
    writeAll(client, numbered(1))
    close(kernel.a, client)
    kernel.settle()
    equal([client.phase, Math.round((kernel.now - start) / (100 * milli))], ["gone", 1022])
  },

  "a closed connection waits 60 s for the peer's end": () => {
    const kernel = new NetKernel()
    const { client, server } = kernel.pair()
    close(kernel.a, client)
    kernel.pass(59 * second)
    equal(client.phase, "established")
    kernel.pass(2 * second)
    equal(client.phase, "gone")
    writeAll(server, numbered(1))
    kernel.settle()
    equal(server.error, "connectionReset")
  },

  "who closed first keeps its port from the same peer for 60 s": () => {
    const kernel = new NetKernel()
    const { client, server } = kernel.pair()
    const port = client.portHeld!
    close(kernel.a, client)
    kernel.pass(10 * milli)
    close(kernel.b, server)
    kernel.pass(10 * milli)
    equal([client.phase, server.phase], ["gone", "gone"])
    equal(kernel.a.inet.isFree(port, `${bHost} 80`, kernel.now), false)
    equal(kernel.a.inet.isFree(port, `${bHost} 81`, kernel.now), true)
    kernel.pass(60 * second)
    equal(kernel.a.inet.isFree(port, `${bHost} 80`, kernel.now), true)
  },

  "who closed second keeps nothing": () => {
    const kernel = new NetKernel()
    const { client, server } = kernel.pair()
    const port = client.portHeld!
    close(kernel.b, server)
    kernel.pass(10 * milli)
    close(kernel.a, client)
    kernel.pass(10 * milli)
    equal(client.phase, "gone")
    equal(kernel.a.inet.isFree(port, `${bHost} 80`, kernel.now), true)
  },

  "who closed first acknowledges the peer's end again when that got lost": () => {
    const kernel = new NetKernel()
    const { client, server } = kernel.pair()
    close(kernel.a, client)
    kernel.pass(10 * milli)
    kernel.drop("a", "Ack")
    close(kernel.b, server)
    kernel.settle()
    equal(server.phase, "gone")
    equal(kernel.times("a", "Reset"), [])
    equal(kernel.times("b", "End").length, 2)
  },

  "28,232 ports lead to one peer, and as many to another": () => {
    const names = new InetNames<never>(new Prng(1, 1))
    const peer = `${bHost} 80`
    for (let port = names.freePort(peer); port !== undefined; port = names.freePort(peer)) {
      names.linger(port, peer, 60 * second)
    }
    equal(names.freePort(peer, 59 * second), undefined)
    equal(typeof names.freePort(`${bHost} 81`, 0), "number")
    equal(typeof names.freePort(peer, 60 * second), "number")
  },

  "a partition that rejects refuses connects, and lets connections try on": () => {
    const kernel = new NetKernel()
    const { client, server } = kernel.pair()
    const heal = kernel.change({ partition: "reject" })
    const refused = kernel.connect()
    writeAll(client, numbered(1))
    kernel.pass(100 * milli)
    equal([refused.error, client.phase], ["hostUnreachable", "established"])
    heal()
    kernel.settle()
    equal(readAll(server), [0])
    kernel.change({ partition: "reject" })
    writeAll(client, numbered(1))
    kernel.settle()
    equal(client.error, "hostUnreachable")
  },

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

  "segments leave in the size of the network, and over loopback in that of its device": () => {
    const kernel = new NetKernel()
    const { client } = kernel.pair()
    writeAll(client, numbered(1448 * 2 + 1))
    equal(kernel.times("a", "Data").length, 3)
  },

  "segments keep their order however long each takes": () => {
    const kernel = new NetKernel()
    const { client, server } = kernel.pair()
    kernel.change({ spreadNanos: 100 * milli })
    writeAll(client, numbered(1448 * 20))
    kernel.settle()
    equal(readAll(server).length, 1448 * 20)
    // A gap would have been answered by the same number again.
    equal(kernel.times("a", "Data").length, 20)
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
  },

  "a process that ended closes what it left open": () => {
    const kernel = new NetKernel()
    const { client, server } = kernel.pair()
    const listener = kernel.listen(81)
    const waiting = kernel.connect(81)
    kernel.settle()
    closeAll(kernel.b)
    kernel.settle()
    equal([read(kernel.a, client, 1), waiting.error], ["End", "connectionReset"])
    equal([listener.isOpen, server.hasDescriptor, kernel.b.descriptors], [false, false, 0])
  },

  "a process that ended with unread input resets": () => {
    const kernel = new NetKernel()
    const { client } = kernel.pair()
    writeAll(client, numbered(1))
    kernel.settle()
    closeAll(kernel.b)
    kernel.settle()
    equal(client.error, "connectionReset")
  },

  "a SYN that comes again after its listener closed is refused": () => {
    const kernel = new NetKernel()
    const listener = kernel.listen(80, { backlog: 0 })
    const clients = [kernel.connect(), kernel.connect()]
    kernel.pass(500 * milli)
    equal(clients[1]!.phase, "connecting")
    closeListener(kernel.b, listener)
    kernel.settle()
    equal(
      clients.map(({ error }) => error),
      ["connectionReset", "connectionRefused"]
    )
  },

  "a write that found no room is told when a third of the buffer was acknowledged": () => {
    const kernel = new NetKernel({ sendBufferBytes: 3000, receiveBufferBytes: 1500 })
    const { client, server } = kernel.pair()
    equal(write(kernel.a, client, numbered(5000)), 3000)
    equal(isWritable(kernel.a, client), false)
    kernel.settle()
    equal(readAll(server).length, 1500)
    kernel.settle()
    equal(isWritable(kernel.a, client), true)
  }
}
