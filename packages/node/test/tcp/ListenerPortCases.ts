/** What the listener ports of Node and Bun promise alike, each over its own sockets. */
import { existsSync, statSync } from "node:fs"
import * as Net from "node:net"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import type { ListenRequest, UnixPortAddress } from "@portico/core/port/index"
import { afterEach, expect, it } from "vitest"
import { inet, reasonOf } from "../PortWorld.ts"
import {
  bytes,
  type Listening,
  listenRequest,
  loopback,
  Side,
  type TcpWorld
} from "./WatchedTcp.ts"

export const listenerPortCases = (world: TcpWorld): void => {
  afterEach(() => world.closeAll())
  addressCases(world)
  pathCases(world)
  queueCases(world)
  overflowCases(world)
  closeCases(world)
  foreignCases(world)
}

const portOf = ({ address }: Listening): number => (address as { readonly port: number }).port

const addressCases = (world: TcpWorld): void => {
  it("port 0 becomes a real port", async () => {
    expect(portOf(await world.listen())).toBeGreaterThan(0)
  })

  it("an address, a path and a name that are taken: AddressInUse", async () => {
    for (const address of [loopback, world.freshPath(), world.freshAbstract()]) {
      const listening = await world.listen(address)
      expect(reasonOf(await world.tryListen(listening.address))).toBe("AddressInUse")
    }
  })

  it("an address of another host: AddressNotAvailable; a missing folder: NotFound", async () => {
    // TEST-NET-3 (RFC 5737) is nobody's address.
    expect(reasonOf(await world.tryListen(inet("203.0.113.1")))).toBe("AddressNotAvailable")
    expect(reasonOf(await world.tryListen(inNoFolder(world)))).toBe("NotFound")
  })

  /** What becomes of a connection to `host` at the port of a listener on `::`. */
  const outcomeOf = async (host: string, options: Partial<ListenRequest>): Promise<string> => {
    const listening = await world.listen(inet("::"), options)
    const outcome = await world.tryConnect(inet(host, portOf(listening)))
    await world.loopTurned()
    const { acceptable } = listening.port
    await world.closeAll()
    return outcome instanceof Side ? (acceptable ? "ours" : "foreign") : reasonOf(outcome)
  }

  it("an IPv6 listener takes IPv4, unless ipv6Only", async () => {
    expect(await outcomeOf("127.0.0.1", { ipv6Only: false })).toBe("ours")
    expect(await outcomeOf("::1", { ipv6Only: true })).toBe("ours")
    // Another program may listen at the port that is left to IPv4.
    expect(["ConnectionRefused", "foreign"]).toContain(
      await outcomeOf("127.0.0.1", { ipv6Only: true })
    )
  })

  it("a port is shared by those who all ask for it", async () => {
    const first = await world.listen(loopback, { reusePort: true })
    await world.listen(first.address, { reusePort: true })
    expect(reasonOf(await world.tryListen(first.address))).toBe("AddressInUse")
  })

  it("cancel of a listen: no event, and the address is free", async () => {
    const address = world.freshPath()
    const events: Array<string> = []
    const attempt = world.tcp.listen(listenRequest(address), {
      onListening: () => events.push("listening"),
      onFailed: () => events.push("failed")
    })
    attempt.cancel()
    await world.listen(address)
    expect(events).toEqual([])
  })
}

const inNoFolder = (world: TcpWorld): UnixPortAddress => ({
  _tag: "Unix",
  path: join(world.freshPath().path, "socket")
})

const pathCases = (world: TcpWorld): void => {
  it("a Unix path is there while it listens, with the mode asked for, and gone after", async () => {
    const address = world.freshPath()
    const umask = process.umask()
    const listening = await world.listen(address, { mode: 0o640 })
    expect(statSync(address.path).mode & 0o777).toBe(0o640)
    expect(process.umask()).toBe(umask)
    await listening.close()
    expect(existsSync(address.path)).toBe(false)
  })

  it("the umask is put back when the listening fails", async () => {
    const umask = process.umask()
    expect(reasonOf(await world.tryListen(inNoFolder(world), { mode: 0o600 }))).toBe("NotFound")
    expect(process.umask()).toBe(umask)
  })
}

const queueCases = (world: TcpWorld): void => {
  it("connections are taken in the order in which they came", async () => {
    const listening = await world.listen()
    const first = await world.connect(listening.address)
    const second = await world.connect(listening.address)
    const servers = [await listening.accept(), await listening.accept()]
    expect(listening.port.acceptable).toBe(false)
    expect(listening.port.tryAccept()).toBe("WouldBlock")
    expect(servers.map(({ port }) => port.peerAddress)).toEqual([
      first.port.localAddress,
      second.port.localAddress
    ])
  })

  it("a connection that waits is not read", async () => {
    const listening = await world.listen()
    const client = await world.connect(listening.address)
    await listening.until(() => listening.port.acceptable)
    const sent = client.fill()
    // Where the host lends nothing, the end waits with the connection as well.
    const shutDown = client.shutdown()
    await world.loopTurned()
    const server = await listening.accept()
    expect(server.port.bytesUnread).toBe(0)
    const { bytes: got, over } = await server.drain()
    expect([got.length, over]).toEqual([sent, "End"])
    await shutDown
  })

  it("a connection that was reset while it waited is handed out, with its bytes", async () => {
    const listening = await world.listen()
    const client = await world.connect(listening.address)
    await listening.until(() => listening.port.acceptable)
    client.port.tryWrite(bytes(7))
    client.port.reset()
    await client.seen("closed")
    const server = await listening.accept()
    const { bytes: got, over } = await server.drain()
    expect(got.length).toBe(7)
    expect(reasonOf(over)).toBe("ConnectionReset")
  })
}

const overflowCases = (world: TcpWorld): void => {
  it("connections beyond acceptQueueMax are reset, the others are not", async () => {
    const listening = await world.listen(loopback, { acceptQueueMax: 2 })
    const clients: Array<Side> = []
    for (let index = 0; index < 2; index++) clients.push(await world.connect(listening.address))
    // The reset may come before the host has told that it is connected.
    const third = await world.tryConnect(listening.address)
    const over = third instanceof Side ? (await third.drain()).over : third
    expect(reasonOf(over)).toBe("ConnectionReset")
    const servers = [await listening.accept(), await listening.accept()]
    expect(listening.port.acceptable).toBe(false)
    servers[1]!.port.tryWrite(bytes(4))
    await clients[1]!.until(() => clients[1]!.port.bytesUnread === 4)
  })
}

const closeCases = (world: TcpWorld): void => {
  it("close resets who waits, reports once and later, and frees the port", async () => {
    const listening = await world.listen()
    const client = await world.connect(listening.address)
    await listening.until(() => listening.port.acceptable)
    listening.port.close()
    listening.port.close()
    expect(listening.events).not.toContain("closed")
    expect(listening.port.tryAccept()).toBe("WouldBlock")
    expect(reasonOf((await client.drain()).over)).toBe("ConnectionReset")
    await listening.seen("closed")
    const again = await world.listen(listening.address)
    await Promise.all([client.close(), again.close()])
    expect(listening.count("closed")).toBe(1)
  })

  it("close leaves accepted connections alone", async () => {
    const listening = await world.listen()
    const client = await world.connect(listening.address)
    const server = await listening.accept()
    await listening.close()
    expect(reasonOf(await world.tryConnect(listening.address))).toBe("ConnectionRefused")
    client.port.tryWrite(bytes(9))
    await server.until(() => server.port.bytesUnread === 9)
  })
}

const foreignCases = (world: TcpWorld): void => {
  it("a foreign client is served", async () => {
    const listening = await world.listen()
    const client = Net.connect({ host: "127.0.0.1", port: portOf(listening), allowHalfOpen: true })
    const answer = text(client)
    client.end("question")
    const server = await listening.accept()
    const { bytes: got, over } = await server.drain()
    expect(Buffer.from(got).toString()).toBe("question")
    expect(over).toBe("End")
    server.port.tryWrite(Buffer.from("answer"))
    server.port.shutdown()
    expect(await answer).toBe("answer")
  })
}
