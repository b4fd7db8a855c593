/** How connections begin where packets get lost, come twice or find no room, as Linux has it. */
import { deepStrictEqual } from "./deepStrictEqual.ts"
import { InetNames } from "../../src/kernel/InetNames.ts"
import { closeListener } from "../../src/kernel/Listener.ts"
import { Prng } from "../../src/Prng.ts"
import { bHost, milli, NetKernel, numbered, readAll, second, writeAll } from "./NetKernel.ts"

const equal = deepStrictEqual

export const handshakeLaws: { readonly [name: string]: () => void } = {
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

  "a handshake whose packets come twice is one connection": () => {
    const kernel = new NetKernel()
    const listener = kernel.listen()
    kernel.change({ duplicate: 1024 })
    const client = kernel.connect()
    kernel.settle()
    equal([client.phase, listener.queue.length], ["established", 1])
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
  }
}
