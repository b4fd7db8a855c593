import * as Net from "node:net"
import { afterEach, describe, expect, it, vi } from "vitest"
import { NodeSlabs } from "../../src/tcp/NodeSlabs.ts"
import { NodeStream, socketOptions } from "../../src/tcp/NodeStream.ts"
import * as NodeTcp from "../../src/tcp/NodeTcp.ts"
import { streamEndCases } from "./StreamEndCases.ts"
import { streamPortCases } from "./StreamPortCases.ts"
import { bytes, Side, TcpWorld } from "./WatchedTcp.ts"

const world = new TcpWorld((turn) => NodeTcp.make(turn, process.platform))

describe("a stream port on Node", () => {
  streamPortCases(world, 64 * 1024)
})
describe("its end", () => {
  streamEndCases(world)
})

describe("what Node alone does", () => {
  afterEach(() => world.closeAll())

  it("memory is lent until `drain`, which hints to write on", async () => {
    const { client, server } = await world.pair()
    client.fill()
    expect(client.port.writable).toBe(false)
    const draining = server.drain()
    await client.seen("writable")
    expect(client.port.lent).toBe(false)
    expect(client.port.writable).toBe(true)
    client.port.shutdown()
    expect((await draining).over).toBe("End")
  })

  it("a short rest that the kernel did not take is followed by a hint as well", async () => {
    const { client, server } = await world.pair()
    const block = bytes(60_000)
    while (!client.port.lent) client.port.tryWrite(block)
    const draining = server.drain()
    await client.seen("writable")
    client.port.shutdown()
    expect((await draining).over).toBe("End")
  })

  it("what Node still tells after our close is told to nobody", () => {
    const slabs = new NodeSlabs()
    const port = new NodeStream(world.turn, slabs, new Net.Socket(socketOptions(slabs, true)))
    const side = new Side(world, port)
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
    const { client, server } = await world.pair()
    client.fill()
    await client.close()
    await server.drain()
    await server.close()
    await world.loopTurned()
    expect(client.events).toEqual(["closed"])
    expect(client.port.lent).toBe(false)
  })

  it("small chunks pause nothing, a large one that waits pauses and resumes once", async () => {
    const { client, server } = await world.pair()
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
    server.port.tryRead(64, true)
    expect(resume).not.toHaveBeenCalled()
    const large = 16 * 1024
    client.port.tryWrite(bytes(large))
    await server.until(() => server.port.bytesUnread === large)
    server.port.tryRead(large - 1, true)
    expect(resume).not.toHaveBeenCalled()
    server.port.tryRead(1, true)
    expect(resume).toHaveBeenCalledTimes(1)
    resume.mockRestore()
  })

  it("an event handler that throws leaves the turn all the same", async () => {
    const { client, server } = await world.pair()
    const thrown = new Promise((resolve) => process.once("uncaughtException", resolve))
    const listeners = process.listeners("uncaughtException").slice(0, -1)
    for (const listener of listeners) process.off("uncaughtException", listener)
    server.reader = () => {
      throw new Error("a defect of core's")
    }
    client.port.tryWrite(bytes(1))
    expect(await thrown).toMatchObject({ message: "a defect of core's" })
    for (const listener of listeners) process.on("uncaughtException", listener)
    expect(world.turn.depth).toBe(0)
  })

  it("a close forgets addresses, but for a peer's that was asked for", async () => {
    const { client, server } = await world.pair()
    const { localAddress, peerAddress } = client.port
    expect(localAddress).toBeDefined()
    await Promise.all([client.close(), server.close()])
    expect(client.port.localAddress).toBeUndefined()
    expect(server.port.localAddress).toBeUndefined()
    expect(client.port.peerAddress).toEqual(peerAddress)
    expect(server.port.peerAddress).toBeUndefined()
  })
})
