/** Datagram ports of either host, watched: what came becomes a list. */
import {
  type BindRequest,
  type DatagramEvents,
  type DatagramPort,
  type InetPortAddress,
  type OutgoingDatagram,
  type PortFailure,
  type TurnPort,
  type UdpPort
} from "@portico/core/port/index"
import { inet, orThrow, PortWorld, Watch } from "../PortWorld.ts"

export interface Received {
  readonly bytes: Uint8Array
  readonly from: InetPortAddress
}

export const text = ({ bytes }: Received): string => new TextDecoder().decode(bytes)

export const bytesOf = (message: string): Uint8Array => new TextEncoder().encode(message)

export class UdpSide extends Watch implements DatagramEvents {
  readonly port: DatagramPort
  readonly received: Array<Received> = []
  readonly refusals: Array<PortFailure> = []

  constructor(world: UdpWorld, port: DatagramPort) {
    super(world)
    this.port = port
    port.attach(this)
  }

  onDatagram(bytes: Uint8Array, from: InetPortAddress, truncated: boolean): void {
    if (truncated) throw new Error("A host reads datagrams of any length")
    this.received.push({ bytes, from })
    this.note("datagram")
  }
  onWritable(): void {
    this.note("writable")
  }
  onRefused(failure: PortFailure): void {
    this.refusals.push(failure)
    this.note("refused")
  }

  /** The texts of what was received, once there are so many. */
  async texts(count: number): Promise<ReadonlyArray<string>> {
    await this.until(() => this.received.length >= count)
    return this.received.map(text)
  }

  get address(): InetPortAddress {
    return this.port.localAddress
  }

  trySend(...batch: ReadonlyArray<OutgoingDatagram>): number | PortFailure {
    return this.port.trySend(batch)
  }

  /** Sends all, as core does: what was not taken is offered again. Throws what cannot be sent. */
  send(to: InetPortAddress | undefined, ...messages: ReadonlyArray<string>): void {
    let rest = messages.map((message) => ({ bytes: bytesOf(message), to }))
    while (rest.length > 0) {
      const taken = orThrow(this.port.trySend(rest))
      if (taken === 0) throw new Error("The host is full")
      rest = rest.slice(taken)
    }
  }
}

export const bindRequest = (
  address: InetPortAddress,
  options?: Partial<BindRequest>
): BindRequest => ({
  address,
  reuseAddress: false,
  reusePort: false,
  ipv6Only: false,
  kernelReceiveBytes: undefined,
  kernelSendBytes: undefined,
  ...options
})

export class UdpWorld extends PortWorld {
  readonly udp: UdpPort

  constructor(make: (turn: TurnPort) => UdpPort) {
    super()
    this.udp = make(this.turn)
  }

  tryBind(
    address: InetPortAddress,
    options?: Partial<BindRequest>
  ): Promise<UdpSide | PortFailure> {
    return this.answer((answer) =>
      this.udp.bind(bindRequest(address, options), {
        onBound: (port) => answer(new UdpSide(this, port)),
        onFailed: answer
      })
    )
  }

  async bind(host = "127.0.0.1", options?: Partial<BindRequest>, port = 0): Promise<UdpSide> {
    return orThrow(await this.tryBind(inet(host, port), options))
  }

  /** Where nothing listens any more. */
  async deadAddress(): Promise<InetPortAddress> {
    const side = await this.bind()
    await side.close()
    return side.address
  }
}
