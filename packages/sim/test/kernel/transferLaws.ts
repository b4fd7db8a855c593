/** How bytes get through where packets get lost, come twice, overtake each other or are late. */
import { deepStrictEqual } from "./deepStrictEqual.ts"
import { isWritable } from "../../src/kernel/Endpoint.ts"
import { read, shutdown, write } from "../../src/kernel/Transfer.ts"
import { milli, NetKernel, numbered, readAll, second, writeAll } from "./NetKernel.ts"

const equal = deepStrictEqual

export const transferLaws: { readonly [name: string]: () => void } = {
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

  "a read may give less than there is, and never nothing or too much": () => {
    const kernel = new NetKernel()
    const { client, server } = kernel.pair()
    kernel.siteB.shortReads = 512
    writeAll(client, numbered(1000))
    kernel.settle()
    const bytes: Array<number> = []
    let reads = 0
    while (server.unread.bytes > 0) {
      const got = read(kernel.b, server, 300)
      if (!(got instanceof Uint8Array)) throw new Error("nothing was read")
      equal(got.length > 0 && got.length <= 300, true)
      bytes.push(...got)
      reads++
    }
    equal(bytes, [...numbered(1000)])
    equal(reads > 4, true)
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
