/** What connecting promises alike on Node and Bun, each over its own sockets. */
import type { ConnectEvents, InetPortAddress } from "@portico/core/port/index"
import { afterEach, expect, it } from "vitest"
import { socketsOpen } from "../Descriptors.ts"
import { inet, reasonOf } from "../PortWorld.ts"
import { bytes, connectRequest, Side, type TcpWorld } from "./WatchedTcp.ts"

/** A listener that answers nobody, so that a connect stays under way. */
export interface Unanswering extends AsyncDisposable {
  readonly address: InetPortAddress
}

export const connectPortCases = (
  world: TcpWorld,
  unanswering: (world: TcpWorld) => Promise<Unanswering>
): void => {
  afterEach(() => world.closeAll())
  outcomeCases(world)
  localAddressCases(world)
  cancelCases(world)
  it("cancel frees the descriptor of an attempt that nobody answers", async () => {
    await using listener = await unanswering(world)
    const before = socketsOpen()
    const recorded = new Recorded()
    const attempt = world.tcp.connect(connectRequest(listener.address), recorded)
    await world.loopTurned()
    expect(socketsOpen()).toBe(before + 1)
    attempt.cancel()
    attempt.cancel()
    // The host closes the descriptor inside the call.
    expect(socketsOpen()).toBe(before)
    await world.loopTurned()
    expect(recorded.events).toEqual([])
  })
}

const outcomeCases = (world: TcpWorld): void => {
  it("nothing listens: ConnectionRefused, in a later callback", async () => {
    const failure = await world.tryConnect(await world.deadAddress())
    expect(reasonOf(failure)).toBe("ConnectionRefused")
  })

  it("no such path: NotFound, in a later callback", async () => {
    expect(reasonOf(await world.tryConnect(world.freshPath()))).toBe("NotFound")
  })

  it("an abstract name connects", async () => {
    const listening = await world.listen(world.freshAbstract())
    const client = await world.connect(listening.address)
    expect(client.port.writable).toBe(true)
  })
}

const localAddressCases = (world: TcpWorld): void => {
  it("the local address and port are bound first", async () => {
    const listening = await world.listen()
    const free = (await world.deadAddress()) as InetPortAddress
    const local = inet("127.0.0.5", free.port)
    const client = await world.connect(listening.address, { local })
    const server = await listening.accept()
    expect(client.port.localAddress).toEqual(local)
    expect(server.port.peerAddress).toEqual(local)
  })

  it("a local address of another host: AddressNotAvailable", async () => {
    const listening = await world.listen()
    // TEST-NET-3 (RFC 5737) is nobody's address.
    const failure = await world.tryConnect(listening.address, { local: inet("203.0.113.1") })
    expect(reasonOf(failure)).toBe("AddressNotAvailable")
  })

  it("a local port that is taken: AddressInUse", async () => {
    const local = (await world.listen()).address as InetPortAddress
    expect(reasonOf(await world.tryConnect(local, { local }))).toBe("AddressInUse")
  })
}

class Recorded implements ConnectEvents {
  readonly events: Array<string> = []
  onConnected(): void {
    this.events.push("connected")
  }
  onFailed(): void {
    this.events.push("failed")
  }
}

const cancelCases = (world: TcpWorld): void => {
  const { tcp } = world

  it("cancel at once: no event, and the listener loses the connection", async () => {
    const listening = await world.listen()
    const before = socketsOpen()
    const recorded = new Recorded()
    tcp.connect(connectRequest(listening.address), recorded).cancel()
    tcp.connect(connectRequest(await world.deadAddress()), recorded).cancel()
    // One connection after it has been accepted in order, so whatever the first did is over.
    const client = await world.connect(listening.address)
    const servers = [await listening.accept()]
    if (listening.port.acceptable) servers.push(await listening.accept())
    await Promise.all(servers.map((server) => server.close()))
    expect(recorded.events).toEqual([])
    await client.close()
    expect(socketsOpen()).toBe(before)
  })

  it("cancel after the host has failed and before that is told: no event", async () => {
    const recorded = new Recorded()
    const attempt = tcp.connect(connectRequest(world.freshPath()), recorded)
    // The kernel refuses inside the call. Node tells it in a later tick; Bun does in this one, and
    // the port hands it on in a later callback.
    await new Promise<void>((resolve) => process.nextTick(resolve))
    attempt.cancel()
    await world.loopTurned()
    expect(recorded.events).toEqual([])
  })

  it("cancel after the event is no close", async () => {
    const listening = await world.listen()
    const client = await new Promise<Side>((resolve, reject) => {
      const attempt = tcp.connect(connectRequest(listening.address), {
        onConnected: (port) => {
          attempt.cancel()
          resolve(new Side(world, port))
        },
        onFailed: reject
      })
    })
    expect(client.port.tryWrite(bytes(3))).toBe(3)
    const server = await listening.accept()
    await server.until(() => server.port.bytesUnread === 3)
    expect(client.events).toEqual([])
  })
}
