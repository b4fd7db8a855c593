/** How connections end where packets get lost, hosts lose their power and networks part. */
import { deepStrictEqual } from "./deepStrictEqual.ts"
import { isReadable } from "../../src/kernel/Endpoint.ts"
import { setKeepAlive } from "../../src/kernel/KeepAlive.ts"
import { close, reset } from "../../src/kernel/Teardown.ts"
import { read, shutdown } from "../../src/kernel/Transfer.ts"
import { closeAll } from "../../src/kernel/closeAll.ts"
import { bHost, milli, NetKernel, numbered, readAll, second, writeAll } from "./NetKernel.ts"

const equal = deepStrictEqual

export const endingLaws: { readonly [name: string]: () => void } = {
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

  "a peer without power is given up by who asks for it, and not by who does not": () => {
    const kernel = new NetKernel()
    const listener = kernel.listen()
    const clients = [kernel.connect(), kernel.connect()]
    kernel.settle()
    setKeepAlive(kernel.a, clients[0]!, 5 * second)
    kernel.settle()
    equal([kernel.now < second, listener.queue.length], [true, 2])
    kernel.powerOff()
    kernel.settle()
    equal(
      clients.map(({ error, phase }) => [phase, error]),
      [
        ["failed", "timedOut"],
        ["established", undefined]
      ]
    )
    equal([Math.round(kernel.now / second), kernel.times("a", "Probe").length], [15, 10])
  },

  "a peer that started anew says so to who asks": () => {
    const kernel = new NetKernel()
    const { client } = kernel.pair()
    setKeepAlive(kernel.a, client, 5 * second)
    kernel.powerOff()
    kernel.rebootB()
    kernel.settle()
    equal([client.error, Math.round(kernel.now / second)], ["connectionReset", 5])
  },

  "a partition that is over in time is not noticed by who asks": () => {
    const kernel = new NetKernel()
    const { client, server } = kernel.pair()
    setKeepAlive(kernel.a, client, 5 * second)
    const heal = kernel.change({ partition: "drop" })
    kernel.pass(9 * second)
    heal()
    kernel.settle()
    equal(
      [client.phase, server.phase, client.keepAliveTimer],
      ["established", "established", undefined]
    )
    equal(kernel.now < 12 * second, true)
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
  }
}
