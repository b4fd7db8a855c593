/** What the stream ports of Node and Bun promise alike of bytes; ends: `StreamEndCases.ts`. */
import { afterEach, expect, it } from "vitest"
import { reasonOf } from "../PortWorld.ts"
import { bytes, type Side, type TcpWorld } from "./WatchedTcp.ts"

/** `chunkBytesMax` is what the port may hold of what nobody read. */
export const streamPortCases = (world: TcpWorld, chunkBytesMax: number): void => {
  afterEach(() => world.closeAll())
  backpressureCases(world, chunkBytesMax)
  readCases(world)
  writeCases(world)
  addressCases(world)
  optionCases(world)
}

const backpressureCases = (world: TcpWorld, chunkBytesMax: number): void => {
  it("a chunk that is not taken stops the reading, and the peer with it", async () => {
    const { client, server } = await world.pair()
    let sent = client.fill()
    await server.until(() => server.port.readable)
    const held = server.port.bytesUnread
    expect(held).toBeLessThanOrEqual(chunkBytesMax)
    // The kernel has room again for what the port holds.
    do {
      sent += client.fill()
      await world.loopTurned()
      await world.loopTurned()
    } while (client.port.writable)
    expect(server.port.bytesUnread).toBe(held)

    const shutDown = client.shutdown()
    const { bytes: got, over } = await server.drain()
    await shutDown
    expect(over).toBe("End")
    expect(got.length).toBe(sent)
    // Not toEqual, which takes a second for as many elements.
    expect(Buffer.compare(got.subarray(0, 1 << 20), bytes(1 << 20))).toBe(0)
  })

  it("writing goes on after the peer has read", async () => {
    const { client, server } = await world.pair()
    client.fill()
    // As core's readers do: the next read ends the loan of the one before.
    server.reader = () => {
      while (server.port.tryRead(chunkBytesMax, false) instanceof Uint8Array);
    }
    server.reader()
    await client.seen("writable")
    expect(client.port.lent).toBe(false)
    expect(client.port.writable).toBe(true)
    expect(client.port.tryWrite(bytes(1))).toBe(1)
  })
}

const readCases = (world: TcpWorld): void => {
  it("a chunk larger than asked for is handed out in pieces", async () => {
    const { client, server } = await world.pair()
    client.port.tryWrite(bytes(10))
    await server.until(() => server.port.bytesUnread === 10)
    const first = server.port.tryRead(4, true)
    expect(first).toEqual(bytes(10).subarray(0, 4))
    expect(server.port.bytesUnread).toBe(6)
    expect(server.port.tryRead(100, true)).toEqual(bytes(10).subarray(4))
    expect(server.port.readable).toBe(false)
    expect(server.port.tryRead(1, true)).toBe("WouldBlock")
    expect(first).toEqual(bytes(10).subarray(0, 4))
  })

  it("a read in the event sees every message of a ping-pong", async () => {
    const { client, server } = await world.pair()
    let rounds = 0
    const answer = (side: Side) => () => {
      const message = side.port.tryRead(64, false)
      if (message instanceof Uint8Array && ++rounds < 200) side.port.tryWrite(message)
    }
    client.reader = answer(client)
    server.reader = answer(server)
    client.port.tryWrite(bytes(64))
    await client.until(() => rounds >= 200)
    expect(client.count("readable")).toBe(100)
  })

  it("users are given plain byte arrays, kept, borrowed or held", async () => {
    const { client, server } = await world.pair()
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
  })
}

const writeCases = (world: TcpWorld): void => {
  it("a small write that the kernel takes is not lent", async () => {
    const { client } = await world.pair()
    expect(client.port.tryWrite(bytes(3))).toBe(3)
    expect([client.port.lent, client.port.writable]).toEqual([false, true])
    expect(client.events).toEqual([])
  })

  it("a reset tells whoever waits to write", async () => {
    const { client, server } = await world.pair()
    server.fill()
    client.port.reset()
    await server.seen("writable")
    expect(server.port.lent).toBe(false)
    expect(reasonOf(server.port.tryWrite(bytes(1)))).toBe("ConnectionReset")
  })
}

const addressCases = (world: TcpWorld): void => {
  it("addresses mirror each other", async () => {
    const { client, server } = await world.pair()
    expect(client.port.localAddress).toEqual(server.port.peerAddress)
    expect(client.port.peerAddress).toEqual(server.port.localAddress)
  })

  it("a Unix socket knows its listener's path and no other", async () => {
    const address = world.freshAbstract()
    const { client, server } = await world.pair(address)
    expect(client.port.peerAddress).toEqual(address)
    expect(client.port.localAddress).toBeUndefined()
    expect(server.port.localAddress).toEqual(address)
    expect(server.port.peerAddress).toBeUndefined()
  })
}

const optionCases = (world: TcpWorld): void => {
  it("options are set on TCP", async () => {
    const { client } = await world.pair()
    expect(client.port.setNoDelay(false)).toBeUndefined()
    const keepAlive = { enabled: true, initialDelayMillis: 5000 }
    expect(client.port.setKeepAlive(keepAlive)).toBeUndefined()
  })
}
