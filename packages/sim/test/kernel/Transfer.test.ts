import { describe, expect, it } from "vitest"
import { type Endpoint, isReadable, isWritable, roomToWrite } from "../../src/kernel/Endpoint.ts"
import { Edge } from "../../src/kernel/Host.ts"
import { read, shutdown, write } from "../../src/kernel/Transfer.ts"
import { TestKernel } from "./TestKernel.ts"

const numbered = (count: number, from = 0) =>
  Uint8Array.from({ length: count }, (_, index) => (from + index) % 251)

/** Reads until it would have to wait. */
const readAll = (kernel: TestKernel, end: Endpoint, bytesMax = Infinity) => {
  const chunks: Array<number> = []
  for (;;) {
    const got = read(kernel.host, end, bytesMax)
    if (!(got instanceof Uint8Array)) return { bytes: chunks, last: got }
    chunks.push(...got)
  }
}

describe.each(["inet", "unix"] as const)("a connection (%s)", (family) => {
  it("carries bytes in both directions, later and never at once", () => {
    const kernel = new TestKernel()
    const { client, server } = kernel.pair(family)
    expect(write(kernel.host, client, numbered(3))).toBe(3)
    expect(write(kernel.host, server, numbered(2, 7))).toBe(2)
    expect(read(kernel.host, server, 10)).toBe("WouldBlock")
    kernel.settle()
    expect(read(kernel.host, server, 10)).toEqual(numbered(3))
    expect(read(kernel.host, client, 10)).toEqual(numbered(2, 7))
  })

  it("is a stream: a read gives what came, however it was written", () => {
    const kernel = new TestKernel()
    const { client, server } = kernel.pair(family)
    for (let at = 0; at < 10; at++) write(kernel.host, client, numbered(2, at * 2))
    kernel.settle()
    expect(read(kernel.host, server, 7)).toEqual(numbered(7))
    expect(read(kernel.host, server, 100)).toEqual(numbered(13, 7))
  })

  it("does not keep the writer's array", () => {
    const kernel = new TestKernel()
    const { client, server } = kernel.pair(family)
    const bytes = numbered(5)
    write(kernel.host, client, bytes)
    bytes.fill(99)
    kernel.settle()
    expect(read(kernel.host, server, 5)).toEqual(numbered(5))
  })

  it("takes as many bytes as both buffers hold, and more when the peer reads", () => {
    const kernel = new TestKernel({ sendBufferBytes: 1000, receiveBufferBytes: 600 })
    const { client, server } = kernel.pair(family)
    const bytes = numbered(3000)
    let sent = 0
    const fill = () => {
      for (;;) {
        const count = write(kernel.host, client, bytes.subarray(sent)) as number
        sent += count
        kernel.settle()
        if (count === 0) return
      }
    }
    fill()
    expect(sent).toBe(1600)
    expect(isWritable(kernel.host, client)).toBe(false)
    expect(roomToWrite(kernel.host, client)).toBe(0)
    const first = readAll(kernel, server)
    expect(first).toEqual({ bytes: [...bytes.subarray(0, 600)], last: "WouldBlock" })
    kernel.settle()
    expect(isWritable(kernel.host, client)).toBe(true)
    fill()
    expect(sent).toBe(2200)
  })

  it("carries everything through the smallest buffers", () => {
    const kernel = new TestKernel({ sendBufferBytes: 1, receiveBufferBytes: 1 })
    const { client, server } = kernel.pair(family)
    const bytes = numbered(300)
    const got: Array<number> = []
    for (let sent = 0; got.length < bytes.length;) {
      sent += write(kernel.host, client, bytes.subarray(sent, sent + 5)) as number
      kernel.settle()
      got.push(...readAll(kernel, server).bytes)
      kernel.settle()
      if (sent === bytes.length) kernel.settle()
    }
    expect(got).toEqual([...bytes])
  })

  it("half-closed, delivers what was written, then the end; the other way is open", () => {
    const kernel = new TestKernel({ sendBufferBytes: 1000, receiveBufferBytes: 10 })
    const { client, server } = kernel.pair(family)
    write(kernel.host, client, numbered(25))
    shutdown(kernel.host, client)
    expect(write(kernel.host, client, numbered(1))).toBe("brokenPipe")
    const got: Array<number> = []
    for (let round = 0; round < 3; round++) {
      kernel.settle()
      got.push(...readAll(kernel, server).bytes)
    }
    kernel.settle()
    expect(got).toEqual([...numbered(25)])
    expect([read(kernel.host, server, 1), read(kernel.host, server, 1)]).toEqual(["End", "End"])
    write(kernel.host, server, numbered(4))
    kernel.settle()
    expect(read(kernel.host, client, 10)).toEqual(numbered(4))
  })

  it("half-closed from both sides at once, ends on both", () => {
    const kernel = new TestKernel()
    const { client, server } = kernel.pair(family)
    shutdown(kernel.host, client)
    shutdown(kernel.host, server)
    shutdown(kernel.host, server)
    kernel.settle()
    expect([read(kernel.host, client, 1), read(kernel.host, server, 1)]).toEqual(["End", "End"])
  })

  it("tells a watcher when it becomes readable, and when a full one has room", () => {
    const kernel = new TestKernel({ sendBufferBytes: 900, receiveBufferBytes: 300 })
    const { client, server } = kernel.pair(family)
    const told: Array<[string, number]> = []
    client.watcher = { changed: (edges) => told.push(["client", edges]) }
    server.watcher = { changed: (edges) => told.push(["server", edges]) }
    expect(write(kernel.host, client, numbered(2000))).toBe(900)
    kernel.settle()
    // The first 300 bytes, and the room that they left.
    expect(told).toEqual([
      ["server", Edge.readable],
      ["client", Edge.writable]
    ])
    expect(isReadable(server)).toBe(true)
    expect(write(kernel.host, client, numbered(2000))).toBe(300)
    kernel.settle()
    expect(told.length).toBe(2)
  })
})
