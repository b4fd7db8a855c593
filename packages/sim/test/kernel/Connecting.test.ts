import { describe, expect, it } from "vitest"
import { connect } from "../../src/kernel/Handshake.ts"
import { closeListener } from "../../src/kernel/Listener.ts"
import { close } from "../../src/kernel/Teardown.ts"
import { inet, TestKernel, unix } from "./TestKernel.ts"

describe("who is reached", () => {
  it.each([
    ["127.0.0.1", "127.0.0.1", true],
    ["127.0.0.1", "127.0.0.2", false],
    ["0.0.0.0", "127.0.0.2", true],
    ["0.0.0.0", "::1", false],
    ["::", "::1", true],
    ["::", "127.0.0.1", true],
    ["::*", "127.0.0.1", false],
    ["::1", "0:0:0:0:0:0:0:1", true],
    ["127.0.0.1", "0.0.0.0", true],
    ["::1", "::", true],
    ["127.0.0.1", "::ffff:127.0.0.1", true]
  ])("listening on %s, connecting to %s", (bound, dialled, isReached) => {
    const kernel = new TestKernel()
    const ipv6Only = bound.endsWith("*")
    const [listener, port] = kernel.listenAnywhere(bound.replace("*", ""), { ipv6Only })
    const client = kernel.connect(inet(dialled, port))
    kernel.settle()
    expect(client.phase).toBe(isReached ? "established" : "failed")
    expect(client.error).toBe(isReached ? undefined : "connectionRefused")
    expect(listener.queue.length).toBe(isReached ? 1 : 0)
  })

  it("both ends name the connection alike", () => {
    const { client, server } = new TestKernel().pair()
    expect(server.local).toEqual(client.remote)
    expect(server.remote).toEqual(client.local)
  })

  it("a dual-stack listener sees IPv4 addresses mapped", () => {
    const kernel = new TestKernel()
    const [listener, port] = kernel.listenAnywhere("::")
    const client = kernel.connect(inet("127.0.0.1", port))
    kernel.settle()
    expect(kernel.accept(listener).local).toEqual(inet("::ffff:127.0.0.1", port))
    expect(client.local).toHaveProperty("host", "127.0.0.1")
  })

  it.each(["0.0.0.0", "::"])("the more specific of two listeners, not %s", (wildcard) => {
    const kernel = new TestKernel()
    const [any, port] = kernel.listenAnywhere(wildcard, { reusePort: true })
    const one = kernel.listen(inet("127.0.0.1", port), { reusePort: true })
    kernel.connect(inet("127.0.0.1", port))
    kernel.settle()
    expect([any.queue.length, one.queue.length]).toEqual([0, 1])
  })

  it("listeners that share a port share its connections", () => {
    const kernel = new TestKernel()
    const [one, port] = kernel.listenAnywhere("127.0.0.1", { reusePort: true })
    const other = kernel.listen(inet("127.0.0.1", port), { reusePort: true })
    for (let count = 0; count < 100; count++) kernel.connect(inet("127.0.0.1", port))
    kernel.settle()
    expect(one.queue.length + other.queue.length).toBe(100)
    expect(one.queue.length).toBeGreaterThan(20)
    expect(other.queue.length).toBeGreaterThan(20)
  })
})

describe("who is refused", () => {
  it("an address of no host", () => {
    const kernel = new TestKernel()
    expect(connect(kernel.host, inet("192.0.2.1", 80), undefined)).toBe("networkUnreachable")
    expect(kernel.host.descriptors).toBe(0)
  })

  it.each([
    ["192.0.2.1", "addressNotAvailable"],
    ["::1", "invalidArgument"]
  ])("a local address %s: %s", (host, errno) => {
    const kernel = new TestKernel()
    const local = { _tag: "Inet", host, port: 0 } as const
    expect(connect(kernel.host, inet("127.0.0.1", 80), local)).toBe(errno)
  })

  it("a local port that is taken, until its connection is gone", () => {
    const kernel = new TestKernel()
    const { client, listener, server } = kernel.pair()
    const again = () => connect(kernel.host, listener.address, client.local as never)
    expect(again()).toBe("addressInUse")
    close(kernel.host, client)
    kernel.settle()
    expect(again()).toBe("addressInUse")
    close(kernel.host, server)
    kernel.settle()
    expect(again()).toHaveProperty("local", client.local)
  })

  it("a port of which the host has no more", () => {
    const kernel = new TestKernel({ descriptorsMax: 100_000 })
    const [, port] = kernel.listenAnywhere("127.0.0.1")
    const connects = Array.from({ length: 28_231 }, () => kernel.connect(inet("127.0.0.1", port)))
    expect(connect(kernel.host, inet("127.0.0.1", port), undefined)).toBe("addressNotAvailable")
    close(kernel.host, connects[0]!)
    expect(connect(kernel.host, inet("127.0.0.1", port), undefined)).toHaveProperty("phase")
  })

  it.each([
    ["missing path", "/tmp/a", "notFound"],
    ["plain file", "/tmp/file", "connectionRefused"],
    ["stale socket", "/tmp/stale", "connectionRefused"],
    ["missing abstract name", "\0a", "connectionRefused"],
    ["overlong path", "x".repeat(108), "nameTooLong"]
  ])("a %s", (_, path, errno) => {
    const kernel = new TestKernel()
    kernel.host.unix.createFile("/tmp/file")
    kernel.host.unix.createStaleSocket("/tmp/stale")
    expect(connect(kernel.host, unix(path), undefined)).toBe(errno)
  })
})

describe("the backlog", () => {
  it("takes one more than it was asked for; further connects wait for room", () => {
    const kernel = new TestKernel()
    const [listener, port] = kernel.listenAnywhere("127.0.0.1", { backlog: 2 })
    const clients = Array.from({ length: 5 }, () => kernel.connect(inet("127.0.0.1", port)))
    kernel.pass(1e9)
    const phases = () => clients.map((client) => client.phase)
    expect(phases()).toEqual([...Array(3).fill("established"), "connecting", "connecting"])
    kernel.accept(listener)
    kernel.pass(1e9)
    expect(phases()).toEqual([...Array(4).fill("established"), "connecting"])
    expect(listener.queue.length).toBe(3)
  })

  it("a connect waits 131 seconds for room", () => {
    const kernel = new TestKernel()
    const [, port] = kernel.listenAnywhere("127.0.0.1", { backlog: 1 })
    const clients = Array.from({ length: 3 }, () => kernel.connect(inet("127.0.0.1", port)))
    kernel.pass(130e9)
    expect(clients[2]!.phase).toBe("connecting")
    kernel.pass(2e9)
    expect(clients[2]!.error).toBe("timedOut")
  })

  it("a connect that gave up takes no room", () => {
    const kernel = new TestKernel()
    const [listener, port] = kernel.listenAnywhere("127.0.0.1", { backlog: 1 })
    const clients = Array.from({ length: 4 }, () => kernel.connect(inet("127.0.0.1", port)))
    kernel.pass(1e9)
    close(kernel.host, clients[2]!)
    kernel.accept(listener)
    kernel.pass(1e9)
    expect(clients[3]!.phase).toBe("established")
  })

  it("of a Unix listener does not make connects wait", () => {
    const kernel = new TestKernel()
    const listener = kernel.listen(unix("/tmp/a"), { backlog: 2 })
    for (let count = 0; count < 3; count++) kernel.connect(unix("/tmp/a"))
    expect(connect(kernel.host, unix("/tmp/a"), undefined)).toBe("backlogFull")
    kernel.accept(listener)
    kernel.connect(unix("/tmp/a"))
  })

  it("is emptied by closing the listener: resets, and refusals for those who waited", () => {
    const kernel = new TestKernel()
    const [listener, port] = kernel.listenAnywhere("127.0.0.1", { backlog: 1 })
    const clients = Array.from({ length: 3 }, () => kernel.connect(inet("127.0.0.1", port)))
    kernel.pass(1e9)
    closeListener(kernel.host, listener)
    kernel.settle()
    const errors = clients.map((client) => client.error)
    expect(errors).toEqual(["connectionReset", "connectionReset", "connectionRefused"])
  })

  it("closing the listener during a handshake resets, too", () => {
    const kernel = new TestKernel()
    const [listener, port] = kernel.listenAnywhere("127.0.0.1")
    const client = kernel.connect(inet("127.0.0.1", port))
    kernel.world.run(1, 0)
    expect(listener.handshakes.size).toBe(1)
    closeListener(kernel.host, listener)
    kernel.settle()
    expect(client.error).toBe("connectionReset")
  })

  it("a client that gave up during the handshake is never accepted, and frees its place", () => {
    const kernel = new TestKernel()
    const [listener, port] = kernel.listenAnywhere("127.0.0.1", { backlog: 1 })
    const clients = Array.from({ length: 3 }, () => kernel.connect(inet("127.0.0.1", port)))
    kernel.world.run(3, 0)
    close(kernel.host, clients[0]!)
    kernel.pass(1e9)
    expect(listener.queue.map((end) => end.peer)).toEqual([clients[1], clients[2]])
  })
})

describe("descriptors", () => {
  it("are taken by listen, connect and accept, not by the backlog", () => {
    const kernel = new TestKernel({ descriptorsMax: 4 })
    const [listener, port] = kernel.listenAnywhere("127.0.0.1")
    for (let count = 0; count < 3; count++) kernel.connect(inet("127.0.0.1", port))
    kernel.settle()
    expect(kernel.host.descriptors).toBe(4)
    expect(connect(kernel.host, inet("127.0.0.1", port), undefined)).toBe("descriptorsUsedUp")
    expect(kernel.tryListen(inet("127.0.0.1", 0))).toBe("descriptorsUsedUp")
    expect(() => kernel.accept(listener)).toThrow("descriptorsUsedUp")
    expect(listener.queue.length).toBe(3)
  })

  it("come back once each", () => {
    const kernel = new TestKernel()
    const { client, listener, server } = kernel.pair()
    expect(kernel.host.descriptors).toBe(3)
    for (let times = 0; times < 2; times++) {
      close(kernel.host, client)
      close(kernel.host, server)
      closeListener(kernel.host, listener)
    }
    expect(kernel.host.descriptors).toBe(0)
  })
})
