/** How streams end, alike on Node and Bun: half-close, close, reset. */
import type { PortFailure } from "@portico/core/port/index"
import { afterEach, expect, it } from "vitest"
import { reasonOf } from "../PortWorld.ts"
import { bytes, type Side, type TcpWorld } from "./WatchedTcp.ts"

export const streamEndCases = (world: TcpWorld): void => {
  afterEach(() => world.closeAll())
  halfCloseCases(world)
  lastBytesCases(world)
  resetCases(world)
  brokenCases(world)
  closeCases(world)
}

const halfCloseCases = (world: TcpWorld): void => {
  const halfClose = async (from: Side, to: Side): Promise<void> => {
    from.port.tryWrite(bytes(1000))
    await to.until(() => to.port.readable)
    from.port.shutdown()
    expect((await to.drain()).bytes).toEqual(Buffer.from(bytes(1000)))
    expect(to.port.tryRead(1, true)).toBe("End")
    expect(to.port.readable).toBe(true)

    await world.loopTurned()
    expect(to.port.tryWrite(bytes(3))).toBe(3)
    to.port.shutdown()
    const answer = await from.drain()
    expect(answer.bytes.length).toBe(3)
    expect(answer.over).toBe("End")
  }

  it("the end comes after bytes that were held, stays, and leaves the other way open", async () => {
    const { client, server } = await world.pair()
    await halfClose(client, server)
  })

  it("the same from the side that accepted", async () => {
    const { client, server } = await world.pair()
    await halfClose(server, client)
  })
}

const lastBytesCases = (world: TcpWorld): void => {
  it("bytes that wait in the kernel survive our shutdown and the peer's close", async () => {
    const { client, server } = await world.pair()
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
    expect(client.count("closed")).toBe(1)
  })

  it("a Unix peer's close leaves its last bytes readable", async () => {
    const { client, server } = await world.pair(world.freshAbstract())
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
  })
}

const resetCases = (world: TcpWorld): void => {
  it("reset is seen as a reset", async () => {
    const { client, server } = await world.pair()
    server.port.tryWrite(bytes(10))
    await client.until(() => client.port.readable)
    client.port.reset()
    expect(reasonOf((await server.drain()).over)).toBe("ConnectionReset")
    await client.seen("closed")
  })

  it("a reset while reading is paused leaves held bytes readable, then fails always", async () => {
    for (const beyond of [0, 500]) {
      const { client, server } = await world.pair()
      client.port.tryWrite(bytes(1000))
      await server.until(() => server.port.readable)
      if (beyond > 0) client.port.tryWrite(bytes(beyond))
      client.port.reset()
      await client.seen("closed")
      await world.loopTurned()
      // libuv does not look at a socket that is paused; the kernel still has what came before.
      const { bytes: got, over } = await server.drain()
      expect(got).toEqual(Buffer.concat([bytes(1000), bytes(beyond)]))
      expect(reasonOf(over)).toBe("ConnectionReset")
      expect(server.port.tryRead(1, true)).toBe(over)
      expect(reasonOf(server.port.tryWrite(bytes(1)))).toBe("ConnectionReset")
      expect(server.port.shutdown()).toBeUndefined()
    }
  })
}

const brokenCases = (world: TcpWorld): void => {
  it("writing to a peer that has closed becomes Broken, with the host's error kept", async () => {
    const { client, server } = await world.pair()
    await server.close()
    expect((await client.drain()).over).toBe("End")
    // The first write is answered by a reset, which the next one meets.
    expect(client.port.tryWrite(bytes(1))).toBe(1)
    await world.loopTurned()
    const failure = client.port.tryWrite(bytes(1))
    expect(reasonOf(failure)).toBe("Broken")
    expect((failure as PortFailure).cause).toMatchObject({ code: "EPIPE" })
    expect(client.port.tryRead(1, true)).toBe("End")
  })
}

const closeCases = (world: TcpWorld): void => {
  it("close reports once, later, and last", async () => {
    const { client, server } = await world.pair()
    server.fill()
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
    expect(client.port.bytesUnread).toBe(0)
  })

  it("close inside an event is obeyed by the port that raised it", async () => {
    const { client, server } = await world.pair()
    server.reader = () => server.port.close()
    client.port.tryWrite(bytes(5))
    await server.seen("closed")
    expect(server.events).toEqual(["readable", "closed"])
  })

  it("a socket that the host has closed reports nothing of it before our close", async () => {
    const { client, server } = await world.pair()
    client.port.shutdown()
    server.port.shutdown()
    await Promise.all([client.drain(), server.drain()])
    await client.until(() => !client.port.writable)
    await server.until(() => reasonOf(server.port.tryWrite(bytes(1))) === "Broken")
    expect(client.events).not.toContain("closed")
    await client.close()
    await server.close()
    expect(client.count("closed")).toBe(1)
  })
}
