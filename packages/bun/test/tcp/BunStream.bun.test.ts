import { BunStream } from "@portico/bun/tcp/BunStream"
import * as BunTcp from "@portico/bun/tcp/BunTcp"
import * as NodeTurn from "@portico/node/NodeTurn"
import { afterEach, describe, expect, it } from "vitest"
import { reasonOf } from "../../../node/test/PortWorld.ts"
import { streamEndCases } from "../../../node/test/tcp/StreamEndCases.ts"
import { streamPortCases } from "../../../node/test/tcp/StreamPortCases.ts"
import { bytes, TcpWorld } from "../../../node/test/tcp/WatchedTcp.ts"

const world = new TcpWorld((turn) => BunTcp.make(turn, process.platform))

describe("a stream port on Bun", () => {
  streamPortCases(world, 512 * 1024)
})
describe("its end", () => {
  streamEndCases(world)
})

describe("what Bun alone does", () => {
  afterEach(() => world.closeAll())

  it("bytes that fill the kernel survive our shutdown and the peer's close", async () => {
    const { client, server } = await world.pair()
    client.port.shutdown()
    expect((await server.drain()).over).toBe("End")
    const sent = server.fill()
    // Held until the server is closed: Bun reports the end as a close of the whole socket.
    await client.until(() => client.port.readable)
    await server.close()
    const answer = await client.drain()
    expect(answer.over).toBe("End")
    expect(answer.bytes.length).toBe(sent)
    await client.close()
    expect(client.count("closed")).toBe(1)
  })

  it("a reset is told while reading is paused, with what the kernel still had", async () => {
    for (const beyond of [0, 500]) {
      const { client, server } = await world.pair()
      client.port.tryWrite(bytes(1000))
      await server.until(() => server.port.readable)
      if (beyond > 0) client.port.tryWrite(bytes(beyond))
      client.port.reset()
      await server.until(() => !server.port.writable)
      expect(server.port.bytesUnread).toBe(1000 + beyond)
      expect(reasonOf(server.port.setNoDelay(true))).toBe("ConnectionReset")
      expect((await server.drain()).bytes).toEqual(Buffer.concat([bytes(1000), bytes(beyond)]))
    }
  })

  it("a reset that answers a write is told before the next one", async () => {
    const { client, server } = await world.pair()
    await server.close()
    expect((await client.drain()).over).toBe("End")
    expect(client.port.tryWrite(bytes(1))).toBe(1)
    await client.until(() => !client.port.writable)
    expect(reasonOf(client.port.tryWrite(bytes(1)))).toBe("Broken")
  })

  it("a close forgets what is held at once", async () => {
    const { client, server } = await world.pair()
    server.port.tryWrite(bytes(10))
    await client.until(() => client.port.readable)
    client.port.close()
    expect(client.port.bytesUnread).toBe(0)
  })

  it("addresses outlive the close when they were asked for", async () => {
    const { client } = await world.pair()
    const { localAddress, peerAddress } = client.port
    expect([localAddress, peerAddress]).not.toContain(undefined)
    await client.close()
    expect(client.port.localAddress).toEqual(localAddress)
    expect(client.port.peerAddress).toEqual(peerAddress)
  })

  it("addresses that were never asked for are unknown after the close", async () => {
    const { client, server } = await world.pair()
    await Promise.all([client.close(), server.close()])
    expect(server.port.localAddress).toBeUndefined()
    expect(server.port.peerAddress).toBeUndefined()
  })

  it("keep-alive is refused on a Unix socket", async () => {
    const { client } = await world.pair(world.freshAbstract())
    const failure = client.port.setKeepAlive({ enabled: true, initialDelayMillis: 5000 })
    expect(reasonOf(failure)).toBe("Unknown")
  })

  it("a connection outlives everything that opened it", async () => {
    const { client, server } = await world.pair()
    Bun.gc(true)
    client.reader = () => void client.port.tryRead(8, false)
    server.port.tryWrite(bytes(8))
    await client.seen("readable")
    Bun.gc(true)
    client.port.tryWrite(bytes(8))
    await server.until(() => server.port.readable)
    expect(server.port.tryRead(8, true)).toEqual(bytes(8))
  })
})

// The costs are system calls (epoll_ctl) that no behaviour shows: a recording socket does.
describe("what events cost", () => {
  const recordingSocket = () => {
    const calls: Array<string> = []
    const socket = { pause: () => calls.push("pause"), resume: () => calls.push("resume") }
    const stream = new BunStream(NodeTurn.make(), socket as never, undefined, undefined)
    return { calls, stream }
  }

  it("a chunk taken inside the event costs no pause", () => {
    const { calls, stream } = recordingSocket()
    const onReadable = () => void stream.tryRead(64, false)
    stream.attach({ onReadable, onWritable: () => {}, onClosed: () => {} })
    for (let message = 0; message < 10; message++) stream.onData(bytes(64))
    expect(calls).toEqual([])
  })

  it("a small chunk taken later costs no pause, unless more comes before", () => {
    const { calls, stream } = recordingSocket()
    stream.attach({ onReadable: () => {}, onWritable: () => {}, onClosed: () => {} })
    stream.onData(bytes(64))
    stream.tryRead(63, false)
    stream.tryRead(1, false)
    expect(calls).toEqual([])
    stream.onData(bytes(64))
    stream.onData(bytes(36))
    expect(calls).toEqual(["pause"])
    expect(stream.bytesUnread).toBe(100)
    stream.tryRead(100, false)
    expect(calls).toEqual(["pause", "resume"])
  })

  it("a large chunk taken later costs one pause and one resume, after its last byte", () => {
    const { calls, stream } = recordingSocket()
    stream.attach({ onReadable: () => {}, onWritable: () => {}, onClosed: () => {} })
    stream.onData(bytes(16 * 1024))
    expect(calls).toEqual(["pause"])
    stream.tryRead(16 * 1024 - 1, false)
    expect(calls).toEqual(["pause"])
    stream.tryRead(1, false)
    expect(calls).toEqual(["pause", "resume"])
  })

  it("a hint to write is passed on only when writing had stopped", () => {
    const { stream } = recordingSocket()
    let hints = 0
    stream.attach({ onReadable: () => {}, onWritable: () => hints++, onClosed: () => {} })
    stream.onDrain()
    expect(hints).toBe(0)
  })

  it("whoever waits to read or to write is told when the socket breaks", () => {
    const { stream } = recordingSocket()
    const seen: Array<string> = []
    stream.attach({
      onReadable: () => seen.push(`read ${reasonOf(stream.tryRead(1, true))}`),
      onWritable: () => seen.push(`write ${reasonOf(stream.tryWrite(bytes(1)))}`),
      onClosed: () => seen.push("closed")
    })
    stream.onClose(Object.assign(new Error("reset"), { code: "ECONNRESET" }))
    expect(seen).toEqual(["read ConnectionReset", "write ConnectionReset"])
  })
})
