/** A datagram socket whose host is the test: it takes what there is room for, and answers. */
import { UdpHandle, type UdpHandleSettings } from "../../src/internal/udp/UdpHandle.ts"
import type {
  DatagramEvents,
  DatagramPort,
  InetPortAddress,
  Membership,
  OutgoingDatagram,
  PortFailure,
  TurnPort
} from "../../src/port/index.ts"
import { Site } from "../../src/Site.ts"
import { ScriptedPorts } from "./ScriptedPorts.ts"

export const from = (port: number, host = "127.0.0.1"): InetPortAddress => ({
  _tag: "Inet",
  host,
  port
})

export class ScriptedDatagram implements DatagramPort {
  readonly localAddress: InetPortAddress
  lends = false
  kernelReceiveBytes: number | undefined = 4096
  kernelSendBytes: number | undefined = 8192
  /** Datagrams that can be taken until there is more room. */
  room = Number.POSITIVE_INFINITY
  /** What a datagram to this port number fails with. */
  readonly failures = new Map<number, PortFailure>()
  /** What every call of another kind fails with. */
  refusal: PortFailure | undefined
  /** Everything that was taken, as it was offered. */
  readonly sent: Array<OutgoingDatagram> = []
  /** What else core asked for, in order. */
  readonly calls: Array<unknown> = []
  closed = 0
  private isConnected = false
  private readonly turn: TurnPort
  private events: DatagramEvents | undefined

  constructor(turn: TurnPort, localAddress = from(1000)) {
    this.turn = turn
    this.localAddress = localAddress
  }

  attach(events: DatagramEvents): void {
    this.events = events
  }

  trySend(batch: ReadonlyArray<OutgoingDatagram>): number | PortFailure {
    this.calls.push(`send ${batch.length}`)
    if (this.closed > 0) this.calls.push("send after close")
    for (const [index, datagram] of batch.entries()) {
      const failure = this.failures.get(datagram.to?.port ?? 0)
      if (failure !== undefined) return index > 0 ? index : failure
      if (this.room === 0) return index
      if ((datagram.to === undefined) !== this.isConnected) this.calls.push("address mistaken")
      this.room--
      this.sent.push(datagram)
    }
    return batch.length
  }

  private told(...call: ReadonlyArray<unknown>): void | PortFailure {
    this.calls.push(call)
    return this.refusal
  }

  connect(peer: InetPortAddress | undefined): void | PortFailure {
    if (this.refusal === undefined) this.isConnected = peer !== undefined
    return this.told("connect", peer)
  }

  setBroadcast(enabled: boolean): void | PortFailure {
    return this.told("setBroadcast", enabled)
  }

  setTtl(hops: number): void | PortFailure {
    return this.told("setTtl", hops)
  }

  setMulticastTtl(hops: number): void | PortFailure {
    return this.told("setMulticastTtl", hops)
  }

  setMulticastLoop(enabled: boolean): void | PortFailure {
    return this.told("setMulticastLoop", enabled)
  }

  setMulticastInterface(address: string): void | PortFailure {
    return this.told("setMulticastInterface", address)
  }

  join(membership: Membership): void | PortFailure {
    return this.told("join", membership)
  }

  leave(membership: Membership): void | PortFailure {
    return this.told("leave", membership)
  }

  setRef(isRef: boolean): void {
    this.calls.push(["setRef", isRef])
  }

  close(): void {
    if (this.closed++ === 0) this.turn.later(() => this.raise((events) => events.onClosed()))
  }

  /** A datagram comes. */
  give(bytes: Uint8Array, source = from(2000), isTruncated = false): void {
    this.raiseUnlessClosed((events) => events.onDatagram(bytes, source, isTruncated))
  }

  /** The host has room for so many datagrams more. */
  makeRoom(datagrams: number): void {
    this.room += datagrams
    this.raiseUnlessClosed((events) => events.onWritable())
  }

  /** ICMP answers. */
  refuse(failure: PortFailure): void {
    this.raiseUnlessClosed((events) => events.onRefused(failure))
  }

  private raiseUnlessClosed(raise: (events: DatagramEvents) => void): void {
    if (this.closed === 0) this.raise(raise)
  }

  private raise(raise: (events: DatagramEvents) => void): void {
    if (this.events === undefined) return
    this.turn.enter()
    raise(this.events)
    this.turn.leave()
  }
}

/** A socket over such a port. */
export class ScriptedUdp {
  readonly scripted = new ScriptedPorts()
  readonly port: ScriptedDatagram
  readonly socket: UdpHandle

  constructor(settings: Partial<UdpHandleSettings> = {}, localAddress?: InetPortAddress) {
    this.port = new ScriptedDatagram(this.scripted.host.turn, localAddress)
    this.socket = new UdpHandle(this.scripted.table, this.port, {
      site: new Site(),
      receiveQueueBytes: 1024 * 1024,
      overflow: "dropNewest",
      datagramBytesMax: 65_535,
      ipv6Only: false,
      ...settings
    })
  }
}
