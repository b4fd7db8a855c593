/** The listener where Node does not let us have libuv's handle. */
import { afterEach, describe, expect, it } from "vitest"
import * as NodeTcp from "../../src/tcp/NodeTcp.ts"
import { listenWithHandle, listenWithoutHandle } from "./HiddenHandle.ts"
import { reasonOf } from "../PortWorld.ts"
import { bytes, Side, TcpWorld } from "./WatchedTcp.ts"

const world = new TcpWorld((turn) => NodeTcp.make(turn, process.platform))
afterEach(() => world.closeAll())

const pairWithoutHandle = async () => {
  const listening = await listenWithoutHandle(world)
  const client = await world.connect(listening.address)
  const server = await listening.accept()
  await listening.close()
  return { client, server }
}

describe("without libuv's handle", () => {
  it("messages go to and fro", async () => {
    const { client, server } = await pairWithoutHandle()
    let rounds = 0
    const answer = (side: Side) => () => {
      const message = side.port.tryRead(64, false)
      if (message instanceof Uint8Array && ++rounds < 20) side.port.tryWrite(message)
    }
    client.reader = answer(client)
    server.reader = answer(server)
    client.port.tryWrite(bytes(64))
    await client.until(() => rounds >= 20)
  })

  it("a chunk that is not taken stops the peer, and nothing is lost or swapped", async () => {
    const { client, server } = await pairWithoutHandle()
    const sent = client.fill()
    await server.until(() => server.port.readable)
    const held = server.port.bytesUnread
    await world.loopTurned()
    await world.loopTurned()
    expect(server.port.bytesUnread).toBe(held)
    expect(client.port.writable).toBe(false)
    const draining = server.drain()
    await client.until(() => client.port.writable)
    client.port.shutdown()
    const { bytes: got, over } = await draining
    expect([got.length, over]).toEqual([sent, "End"])
    expect(Buffer.compare(got.subarray(0, 1 << 20), bytes(1 << 20))).toBe(0)
    expect(server.port.tryWrite(bytes(3))).toBe(3)
    await client.until(() => client.port.bytesUnread === 3)
  })

  it("a connection that waits is not read", async () => {
    const listening = await listenWithoutHandle(world)
    const client = await world.connect(listening.address)
    client.port.tryWrite(bytes(1000))
    await listening.until(() => listening.port.acceptable)
    await world.loopTurned()
    const server = await listening.accept()
    expect(server.port.bytesUnread).toBe(0)
    await server.until(() => server.port.bytesUnread === 1000)
    const taken = server.port.tryRead(10, true)
    expect(taken.constructor).toBe(Uint8Array)
  })

  it("connections beyond acceptQueueMax are reset", async () => {
    const listening = await listenWithoutHandle(world, { acceptQueueMax: 1 })
    await world.connect(listening.address)
    await listening.until(() => listening.port.acceptable)
    const second = await world.tryConnect(listening.address)
    const over = second instanceof Side ? (await second.drain()).over : second
    expect(reasonOf(over)).toBe("ConnectionReset")
    await listening.accept()
    expect(listening.port.acceptable).toBe(false)
  })

  it("close resets who waits", async () => {
    const listening = await listenWithoutHandle(world)
    const client = await world.connect(listening.address)
    await listening.until(() => listening.port.acceptable)
    await listening.close()
    expect(reasonOf((await client.drain()).over)).toBe("ConnectionReset")
  })
})

describe("what libuv says of an accept", () => {
  it("is told once, translated, and the listener goes on", async () => {
    const { handle, listening } = await listenWithHandle(world)
    // EMFILE, as libuv numbers it on every system with this port.
    handle.onconnection(-24, undefined)
    expect(listening.events).toEqual(["acceptable"])
    expect(listening.port.acceptable).toBe(true)
    expect(listening.port.tryAccept()).toMatchObject({
      reason: { _tag: "ResourceExhausted", resource: "file descriptors of the process" }
    })
    expect(listening.port.acceptable).toBe(false)
    expect(listening.port.tryAccept()).toBe("WouldBlock")
    await world.connect(listening.address)
    await listening.accept()
  })

  it("comes before connections that wait, and not after the close", async () => {
    const { handle, listening } = await listenWithHandle(world)
    await world.connect(listening.address)
    await listening.until(() => listening.port.acceptable)
    handle.onconnection(-103, undefined)
    expect(reasonOf(listening.port.tryAccept())).toBe("ConnectionReset")
    await listening.accept()
    await listening.close()
    handle.onconnection(-24, undefined)
    expect(listening.events.at(-1)).toBe("closed")
  })
})
