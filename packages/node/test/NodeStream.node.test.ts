import * as Net from "node:net"
import type { PortFailure } from "@portico/core/port/index"
import { expect, it, vi } from "vitest"
import { NodeSlabs } from "../src/NodeSlabs.ts"
import { NodeStream, socketOptions } from "../src/NodeStream.ts"
import { bytes, fill, loopTurned, pair, reasonOf, Side, turn } from "./Watched.ts"

const chunkMax = 64 * 1024

it("a chunk that is not taken stops the reading, and the peer with it", async () => {
  const { client, server } = await pair()
  const sent = fill(client.port)
  await server.until(() => server.port.readable)
  const held = server.port.bytesUnread
  expect(held).toBeLessThanOrEqual(chunkMax)
  await loopTurned()
  await loopTurned()
  expect(server.port.bytesUnread).toBe(held)
  expect(client.port.writable).toBe(false)

  const draining = server.drain()
  await client.until(() => client.port.writable)
  client.port.shutdown()
  const { bytes: got, over } = await draining
  expect(over).toBe("End")
  expect(got.length).toBe(sent)
  // Not toEqual, which takes a second for as many elements.
  expect(Buffer.compare(got.subarray(0, 1 << 20), bytes(1 << 20))).toBe(0)
  await Promise.all([client.close(), server.close()])
})

it("writing goes on after the peer has read", async () => {
  const { client, server } = await pair()
  fill(client.port)
  // As core's readers do: the next read ends the loan of the one before.
  server.reader = () => {
    while (server.port.tryRead(chunkMax, false) instanceof Uint8Array);
  }
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
  const sent = 300_000
  expect(server.port.tryWrite(bytes(sent))).toBe(sent)
  expect(server.port.lent).toBe(false)
  await client.until(() => client.port.readable)
  await server.close()
  const answer = await client.drain()
  expect(answer.over).toBe("End")
  expect(answer.bytes.length).toBe(sent)
  await client.close()
  expect(client.events.filter((event) => event === "closed").length).toBe(1)
})

it("a Unix peer's close leaves its last bytes readable", async () => {
  const { client, server } = await pair({ _tag: "Unix", path: "\0portico-node-stream" })
  client.port.tryWrite(bytes(100))
  await server.until(() => server.port.readable)
  expect(client.port.tryWrite(bytes(50_000))).toBe(50_000)
  await client.close()
  const { bytes: got, over } = await server.drain()
  expect(got.length).toBe(50_100)
  expect(over).toBe("End")
  const failure = server.port.tryWrite(bytes(1))
  expect(reasonOf(failure)).toBe("Broken")
  expect(server.port.tryWrite(bytes(1))).toBe(failure)
  expect(server.port.writable).toBe(false)
  await server.close()
})

it("a reset while reading is paused leaves held bytes readable, then fails for ever", async () => {
  const { client, server } = await pair()
  client.port.tryWrite(bytes(1000))
  await server.until(() => server.port.readable)
  client.port.tryWrite(bytes(500))
  client.port.reset()
  await client.seen("closed")
  await loopTurned()
  // libuv does not look at a socket that is paused; the kernel still has what came before.
  const { bytes: got, over } = await server.drain()
  expect(got.length).toBe(1500)
  expect(reasonOf(over)).toBe("ConnectionReset")
  expect(server.port.tryRead(1, true)).toBe(over)
  expect(reasonOf(server.port.tryWrite(bytes(1)))).toBe("ConnectionReset")
  expect(server.port.shutdown()).toBeUndefined()
  await server.close()
})

it("a reset tells whoever waits to write", async () => {
  const { client, server } = await pair()
  fill(server.port)
  client.port.reset()
  await server.seen("writable")
  expect(server.port.lent).toBe(false)
  expect(reasonOf(server.port.tryWrite(bytes(1)))).toBe("ConnectionReset")
  await server.close()
})

it("writing to a peer that has closed becomes Broken, with the host's error kept", async () => {
  const { client, server } = await pair()
  await server.close()
  expect((await client.drain()).over).toBe("End")
  // The first write is answered by a reset, which the next one meets.
  expect(client.port.tryWrite(bytes(1))).toBe(1)
  await loopTurned()
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

it("a socket that Node has closed reports nothing of it before our close", async () => {
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

it("a Unix socket knows its listener's path and no other", async () => {
  const address = { _tag: "Unix", path: "\0portico-node-path" } as const
  const { client, server } = await pair(address)
  expect(client.port.peerAddress).toEqual(address)
  expect(client.port.localAddress).toBeUndefined()
  expect(server.port.localAddress).toEqual(address)
  expect(server.port.peerAddress).toBeUndefined()
  await Promise.all([client.close(), server.close()])
})

it("addresses mirror each other, and Node forgets them with the close", async () => {
  const { client, server } = await pair()
  expect(client.port.localAddress).toEqual(server.port.peerAddress)
  expect(client.port.peerAddress).toEqual(server.port.localAddress)
  await Promise.all([client.close(), server.close()])
  // What was asked for of the peer stays in the socket.
  expect(client.port.localAddress).toBeUndefined()
  expect(server.port.localAddress).toBeUndefined()
})

it("memory is lent until `drain`, which hints to write on", async () => {
  const { client, server } = await pair()
  fill(client.port)
  expect(client.port.writable).toBe(false)
  const draining = server.drain()
  await client.seen("writable")
  expect(client.port.lent).toBe(false)
  expect(client.port.writable).toBe(true)
  client.port.shutdown()
  expect((await draining).over).toBe("End")
  await Promise.all([client.close(), server.close()])
})

it("a short rest that the kernel did not take is followed by a hint as well", async () => {
  const { client, server } = await pair()
  const block = bytes(60_000)
  while (!client.port.lent) client.port.tryWrite(block)
  const draining = server.drain()
  await client.seen("writable")
  client.port.shutdown()
  expect((await draining).over).toBe("End")
  await Promise.all([client.close(), server.close()])
})

it("what Node still tells after our close is told to nobody", () => {
  const slabs = new NodeSlabs()
  const port = new NodeStream(turn, slabs, new Net.Socket(socketOptions(slabs, true)))
  const side = new Side(port)
  port.close()
  port.onRead(slabs.shared, 10)
  port.onData(Buffer.alloc(10))
  port.onEnd()
  port.onDrain()
  port.onError(new Error("late"))
  expect(side.events).toEqual([])
  expect(port.bytesUnread).toBe(0)
})

it("a close drops memory that is lent, and reports once", async () => {
  const { client, server } = await pair()
  fill(client.port)
  await client.close()
  await server.drain()
  await server.close()
  await loopTurned()
  expect(client.events).toEqual(["closed"])
  expect(client.port.lent).toBe(false)
})

it("a small write that the kernel takes is not lent", async () => {
  const { client, server } = await pair()
  expect(client.port.tryWrite(bytes(3))).toBe(3)
  expect([client.port.lent, client.port.writable]).toEqual([false, true])
  expect(client.events).toEqual([])
  await Promise.all([client.close(), server.close()])
})

it("users are given plain byte arrays, kept, borrowed or held", async () => {
  const { client, server } = await pair()
  const kinds = new Set<unknown>()
  const take = (bytesMax: number, keep: boolean) => {
    const outcome = server.port.tryRead(bytesMax, keep)
    if (outcome instanceof Uint8Array) kinds.add(outcome.constructor)
    return outcome instanceof Uint8Array
  }
  client.port.tryWrite(bytes(300_000))
  await server.until(() => server.port.readable)
  let received = 0
  server.reader = () => {
    received++
    while (take(1000, false) || take(1000, true));
  }
  server.reader()
  client.port.shutdown()
  await server.until(() => server.port.tryRead(1, true) === "End")
  expect(received).toBeGreaterThan(1)
  expect([...kinds]).toEqual([Uint8Array])
  await Promise.all([client.close(), server.close()])
})

it("reading in the event pauses nothing, reading later pauses and resumes once", async () => {
  const { client, server } = await pair()
  const resume = vi.spyOn(Net.Socket.prototype, "resume")
  server.reader = () => void server.port.tryRead(64, false)
  for (let round = 1; round <= 5; round++) {
    client.port.tryWrite(bytes(64))
    await server.until(() => server.events.length === round)
  }
  expect(resume).not.toHaveBeenCalled()
  server.reader = undefined
  client.port.tryWrite(bytes(64))
  await server.until(() => server.port.bytesUnread === 64)
  server.port.tryRead(63, true)
  expect(resume).not.toHaveBeenCalled()
  server.port.tryRead(1, true)
  expect(resume).toHaveBeenCalledTimes(1)
  resume.mockRestore()
  await Promise.all([client.close(), server.close()])
})

it("an event handler that throws leaves the turn all the same", async () => {
  const { client, server } = await pair()
  const thrown = new Promise((resolve) => process.once("uncaughtException", resolve))
  const listeners = process.listeners("uncaughtException").slice(0, -1)
  for (const listener of listeners) process.off("uncaughtException", listener)
  server.reader = () => {
    throw new Error("a defect of core's")
  }
  client.port.tryWrite(bytes(1))
  expect(await thrown).toMatchObject({ message: "a defect of core's" })
  for (const listener of listeners) process.on("uncaughtException", listener)
  expect(turn.depth).toBe(0)
  await Promise.all([client.close(), server.close()])
})
