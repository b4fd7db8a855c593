import type { PortFailure } from "@portico/core/port/index"
import { expect, it } from "vitest"
import { BunStream } from "@portico/bun/BunStream"
import * as NodeTurn from "@portico/node/NodeTurn"
import { bytes, fill, loopTurned, pair, reasonOf, type Side } from "./Watched.ts"

const chunkMax = 512 * 1024

it("a chunk that is not taken stops the reading, and the peer with it", async () => {
  const { client, server } = await pair()
  let sent = fill(client.port)
  await server.until(() => server.port.readable)
  const held = server.port.bytesUnread
  expect(held).toBeLessThanOrEqual(chunkMax)
  // The kernel has room for as much again.
  sent += fill(client.port)
  await loopTurned()
  expect(server.port.bytesUnread).toBe(held)

  client.port.shutdown()
  const { bytes: got, over } = await server.drain()
  expect(over).toBe("End")
  expect(got.length).toBe(sent)
  // Not toEqual, which takes a second for as many elements.
  expect(Buffer.compare(got.subarray(0, 1 << 20), bytes(1 << 20))).toBe(0)
  await Promise.all([client.close(), server.close()])
})

it("writing goes on after the peer has read", async () => {
  const { client, server } = await pair()
  fill(client.port)
  server.reader = () => void server.port.tryRead(chunkMax, false)
  server.reader()
  await client.seen("writable")
  expect(client.port.writable).toBe(true)
  expect(client.port.tryWrite(bytes(1))).toBe(1)
  await Promise.all([client.close(), server.close()])
})

it("a chunk larger than asked for is handed out in pieces", async () => {
  const { client, server } = await pair()
  client.port.tryWrite(bytes(10))
  await server.until(() => server.port.bytesUnread === 10)
  const first = server.port.tryRead(4, true)
  expect(first).toEqual(bytes(10).subarray(0, 4))
  expect(server.port.bytesUnread).toBe(6)
  expect(server.port.tryRead(100, true)).toEqual(bytes(10).subarray(4))
  expect(server.port.readable).toBe(false)
  expect(server.port.tryRead(1, true)).toBe("WouldBlock")
  expect(first).toEqual(bytes(10).subarray(0, 4))
  await Promise.all([client.close(), server.close()])
})

it("a read in the event sees every message of a ping-pong", async () => {
  const { client, server } = await pair()
  let rounds = 0
  const answer = (side: Side) => () => {
    const message = side.port.tryRead(64, false)
    if (message instanceof Uint8Array && ++rounds < 200) side.port.tryWrite(message)
  }
  client.reader = answer(client)
  server.reader = answer(server)
  client.port.tryWrite(bytes(64))
  await client.until(() => rounds >= 200)
  expect(client.events.filter((event) => event === "readable").length).toBe(100)
  await Promise.all([client.close(), server.close()])
})

const halfClose = async (from: Side, to: Side): Promise<void> => {
  from.port.tryWrite(bytes(1000))
  await to.until(() => to.port.readable)
  from.port.shutdown()
  expect((await to.drain()).bytes).toEqual(Buffer.from(bytes(1000)))
  expect(to.port.tryRead(1, true)).toBe("End")
  expect(to.port.readable).toBe(true)

  await loopTurned()
  expect(to.port.tryWrite(bytes(3))).toBe(3)
  to.port.shutdown()
  const answer = await from.drain()
  expect(answer.bytes.length).toBe(3)
  expect(answer.over).toBe("End")
}

it("the end comes after bytes that were held, stays, and leaves the other way open", async () => {
  const { client, server } = await pair()
  await halfClose(client, server)
  await Promise.all([client.close(), server.close()])
})

it("the same from the side that accepted", async () => {
  const { client, server } = await pair()
  await halfClose(server, client)
  await Promise.all([client.close(), server.close()])
})

it("bytes that wait in the kernel survive our shutdown and the peer's close", async () => {
  const { client, server } = await pair()
  client.port.shutdown()
  expect((await server.drain()).over).toBe("End")
  const sent = fill(server.port)
  // Held until the server is closed: Bun reports the end as a close of the whole socket.
  await client.until(() => client.port.readable)
  await server.close()
  const answer = await client.drain()
  expect(answer.over).toBe("End")
  expect(answer.bytes.length).toBe(sent)
  await client.close()
  expect(client.events.filter((event) => event === "closed").length).toBe(1)
})

it("a Unix peer's close leaves its last bytes readable", async () => {
  const { client, server } = await pair({ _tag: "Unix", path: "\0portico-bun-stream" })
  client.port.tryWrite(bytes(100))
  await server.until(() => server.port.readable)
  expect(client.port.tryWrite(bytes(50_000))).toBe(50_000)
  await client.close()
  const { bytes: got, over } = await server.drain()
  expect(got.length).toBe(50_100)
  expect(over).toBe("End")
  await server.until(() => !server.port.writable)
  expect(reasonOf(server.port.tryWrite(bytes(1)))).toBe("Broken")
  await server.close()
})

it("a reset by the peer leaves held bytes readable, then fails for ever", async () => {
  const { client, server } = await pair()
  client.port.tryWrite(bytes(1000))
  await server.until(() => server.port.readable)
  client.port.reset()
  await server.until(() => !server.port.writable)
  const { bytes: got, over } = await server.drain()
  expect(got).toEqual(Buffer.from(bytes(1000)))
  expect(reasonOf(over)).toBe("ConnectionReset")
  expect(server.port.tryRead(1, true)).toBe(over)
  expect(reasonOf(server.port.tryWrite(bytes(1)))).toBe("ConnectionReset")
  expect(server.port.shutdown()).toBeUndefined()
  expect(reasonOf(server.port.setNoDelay(true))).toBe("ConnectionReset")
  await server.close()
})

it("a reset hands over what the kernel had beyond the held chunk", async () => {
  const { client, server } = await pair()
  client.port.tryWrite(bytes(1000))
  await server.until(() => server.port.readable)
  client.port.tryWrite(bytes(500))
  client.port.reset()
  await server.until(() => !server.port.writable)
  expect(server.port.bytesUnread).toBe(1500)
  expect((await server.drain()).bytes.subarray(1000)).toEqual(Buffer.from(bytes(500)))
  await server.close()
})

it("writing to a peer that has closed becomes Broken, with the host's error kept", async () => {
  const { client, server } = await pair()
  await server.close()
  expect((await client.drain()).over).toBe("End")
  // The first write is answered by a reset, which the next ones meet.
  expect(client.port.tryWrite(bytes(1))).toBe(1)
  await client.until(() => !client.port.writable)
  const failure = client.port.tryWrite(bytes(1))
  expect(reasonOf(failure)).toBe("Broken")
  expect((failure as PortFailure).cause).toMatchObject({ code: "EPIPE" })
  expect(client.port.tryRead(1, true)).toBe("End")
  await client.close()
})

it("close reports once, later, and last", async () => {
  const { client, server } = await pair()
  fill(server.port)
  await client.until(() => client.port.readable)
  const before = client.events.length
  client.port.close()
  client.port.close()
  client.port.reset()
  expect(client.events.length).toBe(before)
  expect(client.port.bytesUnread).toBe(0)
  // The kernel still had input for the closed socket: it resets, and the peer's event comes
  // after all of ours.
  expect(reasonOf((await server.drain()).over)).toBe("ConnectionReset")
  await client.seen("closed")
  expect(client.events.slice(before)).toEqual(["closed"])
  await server.close()
})

it("close inside an event is obeyed by the port that raised it", async () => {
  const { client, server } = await pair()
  server.reader = () => server.port.close()
  client.port.tryWrite(bytes(5))
  await server.seen("closed")
  expect(server.events).toEqual(["readable", "closed"])
  await client.close()
})

it("a socket that Bun has closed reports nothing of it before our close", async () => {
  const { client, server } = await pair()
  client.port.shutdown()
  server.port.shutdown()
  await Promise.all([client.drain(), server.drain()])
  await client.until(() => !client.port.writable)
  await server.until(() => reasonOf(server.port.tryWrite(bytes(1))) === "Broken")
  expect(client.events).not.toContain("closed")
  await client.close()
  await server.close()
  expect(client.events.filter((event) => event === "closed").length).toBe(1)
})

it("reset is seen as a reset", async () => {
  const { client, server } = await pair()
  server.port.tryWrite(bytes(10))
  await client.until(() => client.port.readable)
  client.port.reset()
  expect(reasonOf((await server.drain()).over)).toBe("ConnectionReset")
  await client.seen("closed")
  await server.close()
})

it("addresses mirror each other, and outlive the close when they were asked for", async () => {
  const { client, server } = await pair()
  expect(client.port.localAddress).toEqual(server.port.peerAddress)
  expect(client.port.peerAddress).toEqual(server.port.localAddress)
  const { localAddress, peerAddress } = client.port
  await client.close()
  expect(client.port.localAddress).toEqual(localAddress)
  expect(client.port.peerAddress).toEqual(peerAddress)
  await server.close()
})

it("addresses that were never asked for are unknown after the close", async () => {
  const { client, server } = await pair()
  await Promise.all([client.close(), server.close()])
  expect(server.port.localAddress).toBeUndefined()
  expect(server.port.peerAddress).toBeUndefined()
})

it("a Unix socket knows its listener's path and no other", async () => {
  const address = { _tag: "Unix", path: "\0portico-bun-path" } as const
  const { client, server } = await pair(address)
  expect(client.port.peerAddress).toEqual(address)
  expect(client.port.localAddress).toBeUndefined()
  expect(server.port.localAddress).toEqual(address)
  expect(server.port.peerAddress).toBeUndefined()
  await Promise.all([client.close(), server.close()])
})

it("options are set on TCP, and keep-alive is refused on a Unix socket", async () => {
  const inet = await pair()
  expect(inet.client.port.setNoDelay(false)).toBeUndefined()
  const keepAlive = { enabled: true, initialDelayMillis: 5000 }
  expect(inet.client.port.setKeepAlive(keepAlive)).toBeUndefined()
  const unix = await pair({ _tag: "Unix", path: "\0portico-bun-options" })
  expect(reasonOf(unix.client.port.setKeepAlive(keepAlive))).toBe("Unknown")
  await Promise.all([inet, unix].flatMap(({ client, server }) => [client.close(), server.close()]))
})

it("a connection outlives everything that opened it", async () => {
  const { client, server } = await pair()
  Bun.gc(true)
  client.reader = () => void client.port.tryRead(8, false)
  server.port.tryWrite(bytes(8))
  await client.seen("readable")
  Bun.gc(true)
  client.port.tryWrite(bytes(8))
  await server.until(() => server.port.readable)
  expect(server.port.tryRead(8, true)).toEqual(bytes(8))
  await Promise.all([client.close(), server.close()])
})

// The costs below are system calls (epoll_ctl) that no behaviour shows: a recording socket does.
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

it("a chunk taken later costs one pause and one resume, after its last byte", () => {
  const { calls, stream } = recordingSocket()
  stream.attach({ onReadable: () => {}, onWritable: () => {}, onClosed: () => {} })
  stream.onData(bytes(64))
  expect(calls).toEqual(["pause"])
  stream.tryRead(63, false)
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
