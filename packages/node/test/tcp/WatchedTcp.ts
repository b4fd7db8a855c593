/** Stream ports of either host, watched: the two ends of connections, and listeners. */
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  type ConnectRequest,
  type ListenerEvents,
  type ListenerPort,
  type ListenRequest,
  type PortAddress,
  PortFailure,
  type StreamEvents,
  type StreamPort,
  type TcpPort,
  type TurnPort,
  type UnixPortAddress
} from "@portico/core/port/index"
import { inet, orThrow, PortWorld, Watch } from "../PortWorld.ts"

export class Side extends Watch implements StreamEvents {
  readonly port: StreamPort
  /** Runs inside `onReadable`, as core's readers do. */
  reader: (() => void) | undefined = undefined

  constructor(world: PortWorld, port: StreamPort) {
    super(world)
    this.port = port
    port.attach(this)
  }

  onReadable(): void {
    this.reader?.()
    this.note("readable")
  }
  onWritable(): void {
    this.note("writable")
  }
  /** Writes until the host takes no more, or reads our memory; answers how much it took. */
  fill(): number {
    const block = bytes(1 << 20)
    let total = 0
    while (!this.port.lent) {
      const taken = orThrow(this.port.tryWrite(block))
      total += taken
      if (taken < block.length) break
    }
    return total
  }

  /** Shuts down as core does: at once, unless the host still reads our memory. */
  async shutdown(): Promise<void> {
    await this.until(() => !this.port.lent)
    this.port.shutdown()
  }

  /** Takes bytes until the reading is over; answers them and what it ended with. */
  async drain(): Promise<{ readonly bytes: Uint8Array; readonly over: "End" | PortFailure }> {
    const chunks: Array<Uint8Array> = []
    for (;;) {
      await this.until(() => this.port.readable)
      const outcome = this.port.tryRead(1 << 20, true)
      if (outcome === "End" || outcome instanceof PortFailure) {
        return { bytes: Buffer.concat(chunks), over: outcome }
      }
      if (outcome === "WouldBlock") throw new Error("readable, but tryRead would block")
      chunks.push(outcome)
    }
  }
}

export class Listening extends Watch implements ListenerEvents {
  readonly port: ListenerPort

  constructor(world: PortWorld, port: ListenerPort) {
    super(world)
    this.port = port
    port.attach(this)
  }

  onAcceptable(): void {
    this.note("acceptable")
  }

  get address(): PortAddress {
    return this.port.localAddress
  }

  async accept(): Promise<Side> {
    await this.until(() => this.port.acceptable)
    const accepted = this.port.tryAccept()
    if (accepted instanceof PortFailure || typeof accepted === "string") {
      throw new Error("acceptable, but nothing to accept", { cause: accepted })
    }
    return new Side(this.world, accepted)
  }
}

export const loopback = inet("127.0.0.1")

export const bytes = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => index % 251)

export const listenRequest = (
  address: PortAddress,
  options?: Partial<ListenRequest>
): ListenRequest => ({
  address,
  backlog: undefined,
  acceptQueueMax: 16,
  reusePort: false,
  ipv6Only: false,
  noDelay: true,
  mode: undefined,
  ...options
})

export const connectRequest = (
  address: PortAddress,
  options?: Partial<ConnectRequest>
): ConnectRequest => ({ address, local: undefined, noDelay: true, ...options })

let names = 0
const freshName = (): string => `portico-${process.pid}-${names++}`

export class TcpWorld extends PortWorld {
  readonly tcp: TcpPort

  constructor(make: (turn: TurnPort) => TcpPort) {
    super()
    this.tcp = make(this.turn)
  }

  /** Where no other test, nor another run on this machine, listens. */
  freshPath(): UnixPortAddress {
    return { _tag: "Unix", path: join(tmpdir(), freshName()) }
  }

  /** The same in Linux's abstract namespace. */
  freshAbstract(): UnixPortAddress {
    return { _tag: "Unix", path: `\0${freshName()}` }
  }

  tryListen(
    address: PortAddress,
    options?: Partial<ListenRequest>
  ): Promise<Listening | PortFailure> {
    return this.answer((answer) =>
      this.tcp.listen(listenRequest(address, options), {
        onListening: (port) => answer(new Listening(this, port)),
        onFailed: answer
      })
    )
  }

  tryConnect(address: PortAddress, options?: Partial<ConnectRequest>): Promise<Side | PortFailure> {
    return this.answer((answer) =>
      this.tcp.connect(connectRequest(address, options), {
        onConnected: (port) => answer(new Side(this, port)),
        onFailed: answer
      })
    )
  }

  async listen(
    address: PortAddress = loopback,
    options?: Partial<ListenRequest>
  ): Promise<Listening> {
    return orThrow(await this.tryListen(address, options))
  }

  async connect(address: PortAddress, options?: Partial<ConnectRequest>): Promise<Side> {
    return orThrow(await this.tryConnect(address, options))
  }

  /** Both ends of a connection, whose listener is closed already. */
  async pair(
    address: PortAddress = loopback
  ): Promise<{ readonly client: Side; readonly server: Side }> {
    const listening = await this.listen(address)
    const [client, server] = await Promise.all([
      this.connect(listening.address),
      listening.accept()
    ])
    await listening.close()
    return { client, server }
  }

  /** Waits until the loop has polled, and reported whatever the kernel had when this was called. */
  async loopTurned(): Promise<void> {
    const { client, server } = await this.pair()
    await Promise.all([client.close(), server.close()])
  }

  /** Where nothing listens any more. */
  async deadAddress(): Promise<PortAddress> {
    const listening = await this.listen()
    await listening.close()
    return listening.address
  }
}
