/** The listener where Node does not let us have libuv's handle. */
import { describe, expect, it } from "vitest"
import { listenWithHandle, listenWithoutHandle } from "./HiddenHandle.ts"
import { bytes, connect, fill, loopTurned, reasonOf, Side, tryConnect } from "./Watched.ts"

const pairWithoutHandle = async () => {
  const listening = await listenWithoutHandle()
  const client = await connect(listening.port.localAddress)
  const server = await listening.accept()
  await listening.close()
  return { client, server }
}

const closeAll = (...sides: ReadonlyArray<{ close(): Promise<void> }>) =>
  Promise.all(sides.map((side) => side.close()))

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
    await closeAll(client, server)
  })

  it("a chunk that is not taken stops the peer, and nothing is lost or swapped", async () => {
    const { client, server } = await pairWithoutHandle()
    const sent = fill(client.port)
    await server.until(() => server.port.readable)
    const held = server.port.bytesUnread
    await loopTurned()
    await loopTurned()
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
    await closeAll(client, server)
  })

  it("a connection that waits is not read", async () => {
    const listening = await listenWithoutHandle()
    const client = await connect(listening.port.localAddress)
    client.port.tryWrite(bytes(1000))
    await listening.until(() => listening.port.acceptable)
    await loopTurned()
    const server = await listening.accept()
    expect(server.port.bytesUnread).toBe(0)
    await server.until(() => server.port.bytesUnread === 1000)
    const taken = server.port.tryRead(10, true)
    expect(taken.constructor).toBe(Uint8Array)
    await closeAll(client, server, listening)
  })

  it("connections beyond acceptQueueMax are reset", async () => {
    const listening = await listenWithoutHandle({ acceptQueueMax: 1 })
    const first = await connect(listening.port.localAddress)
    await listening.until(() => listening.port.acceptable)
    const second = await tryConnect(listening.port.localAddress)
    const over = second instanceof Side ? (await second.drain()).over : second
    expect(reasonOf(over)).toBe("ConnectionReset")
    const server = await listening.accept()
    expect(listening.port.acceptable).toBe(false)
    if (second instanceof Side) await second.close()
    await closeAll(first, server, listening)
  })

  it("close resets who waits", async () => {
    const listening = await listenWithoutHandle()
    const client = await connect(listening.port.localAddress)
    await listening.until(() => listening.port.acceptable)
    await listening.close()
    expect(reasonOf((await client.drain()).over)).toBe("ConnectionReset")
    await client.close()
  })
})

describe("what libuv says of an accept", () => {
  it("is told once, translated, and the listener goes on", async () => {
    const { handle, listening } = await listenWithHandle()
    // EMFILE, as libuv numbers it on every system with this port.
    handle.onconnection(-24, undefined)
    expect(listening.events).toEqual(["acceptable"])
    expect(listening.port.acceptable).toBe(true)
    expect(listening.port.tryAccept()).toMatchObject({
      reason: { _tag: "ResourceExhausted", resource: "file descriptors of the process" }
    })
    expect(listening.port.acceptable).toBe(false)
    expect(listening.port.tryAccept()).toBe("WouldBlock")
    const client = await connect(listening.port.localAddress)
    const server = await listening.accept()
    await closeAll(client, server, listening)
  })

  it("comes before connections that wait, and not after the close", async () => {
    const { handle, listening } = await listenWithHandle()
    const client = await connect(listening.port.localAddress)
    await listening.until(() => listening.port.acceptable)
    handle.onconnection(-103, undefined)
    expect(reasonOf(listening.port.tryAccept())).toBe("ConnectionReset")
    const server = await listening.accept()
    await listening.close()
    handle.onconnection(-24, undefined)
    expect(listening.events.at(-1)).toBe("closed")
    await closeAll(client, server)
  })
})
