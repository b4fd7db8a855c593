/**
 * A `DatagramPort` over one socket of `Bun.udpSocket`.
 *
 * Bun hands out each datagram in memory of its own, and reads what it sends before it returns.
 */
import {
  type DatagramEvents,
  type DatagramPort,
  type InetPortAddress,
  type Membership,
  type OutgoingDatagram,
  PortFailure,
  raise,
  raiseLater,
  type TurnPort
} from "@portico/core/port/index"
import * as NodeMulticastInterface from "@portico/node/udp/NodeMulticastInterface"
import { Reason } from "@portico/core/Reason"
import {
  brokenPipe,
  failureOf,
  membershipFailure,
  noInterface,
  optionRefused,
  sendFailure,
  statusFailure
} from "../BunErrno.ts"
import type { BunUdpCalls } from "./BunUdpCalls.ts"

/** With the descriptor, which Bun's types leave out. */
export type NativeUdp = Bun.udp.Socket<"uint8array"> & { readonly fd: number }

const unsupported = (): PortFailure =>
  new PortFailure(Reason.Unsupported({ capability: "udpConnect", backend: "bun" }))

const ofStatus = (status: number): void | PortFailure => {
  if (status < 0) return statusFailure(status)
}

/** Runs a setter of Bun's, which throws. */
const attempt = (set: () => void): void | PortFailure => {
  try {
    set()
  } catch (error) {
    return failureOf(error)
  }
}

export class BunUdpSocket implements DatagramPort {
  readonly localAddress: InetPortAddress
  readonly lends = false
  private readonly turn: TurnPort
  private readonly socket: NativeUdp
  private readonly calls: BunUdpCalls | undefined
  private readonly isInet6: boolean
  /** Linux lets go of a port that it chose itself when the peer is let go. */
  private isPortChosen: boolean
  private events: DatagramEvents | undefined
  private peer: InetPortAddress | undefined
  /** An ICMP answer that the kernel told in the middle of a batch. */
  private refusal: PortFailure | undefined
  private isClosing = false
  /** Bytes, port, host, bytes, port, host, … for `sendMany`. */
  private readonly packets: Array<Uint8Array | number | string> = []

  constructor(
    turn: TurnPort,
    socket: NativeUdp,
    calls: BunUdpCalls | undefined,
    isPortChosen: boolean
  ) {
    const { address, family, port } = socket.address
    this.localAddress = { _tag: "Inet", host: address, port }
    this.turn = turn
    this.socket = socket
    this.calls = calls
    this.isInet6 = family === "IPv6"
    this.isPortChosen = isPortChosen
  }

  attach(events: DatagramEvents): void {
    this.events = events
  }

  trySend(batch: ReadonlyArray<OutgoingDatagram>): number | PortFailure {
    const { peer } = this
    try {
      if (peer !== undefined) return this.sendConnected(batch, peer)
      if (batch.length > 1) return this.sendMany(batch)
      const { bytes, to } = batch[0]!
      return this.socket.send(bytes, to!.port, to!.host) ? 1 : 0
    } catch (error) {
      return this.failureToSend(error, batch[0]!)
    }
  }

  // Bun's `send` throws without a code once the socket is closed, as Bun itself may have done.
  private failureToSend(error: unknown, { bytes }: OutgoingDatagram): PortFailure {
    return this.socket.closed ? brokenPipe() : sendFailure(error, bytes.length)
  }

  // One system call. It answers how many were taken, and throws when the first was not.
  private sendMany(batch: ReadonlyArray<OutgoingDatagram>): number {
    const { packets } = this
    for (const { bytes, to } of batch) packets.push(bytes, to!.port, to!.host)
    try {
      return this.socket.sendMany(packets)
    } finally {
      packets.length = 0
    }
  }

  // One by one: sendmmsg(2) forgets an error behind datagrams that were taken, and what ICMP
  // answered is told only once. The peer is named although the kernel knows it: Bun does not.
  private sendConnected(
    batch: ReadonlyArray<OutgoingDatagram>,
    peer: InetPortAddress
  ): number | PortFailure {
    const { refusal } = this
    this.refusal = undefined
    if (refusal !== undefined) return refusal
    for (let index = 0; index < batch.length; index++) {
      try {
        if (!this.socket.send(batch[index]!.bytes, peer.port, peer.host)) return index
      } catch (error) {
        const failure = this.failureToSend(error, batch[index]!)
        if (index === 0) return failure
        if (failure.reason._tag === "ConnectionRefused") this.refusal = failure
        return index
      }
    }
    return batch.length
  }

  connect(peer: InetPortAddress | undefined): void | PortFailure {
    const { calls } = this
    if (calls === undefined) return unsupported()
    if (peer === undefined) return this.disconnect(calls)
    const status = calls.connect(this.socket.fd, peer)
    if (status < 0) return statusFailure(status)
    this.peer = peer
    this.refusal = undefined
  }

  private disconnect(calls: BunUdpCalls): void | PortFailure {
    const { fd } = this.socket
    const status = calls.disconnect(fd)
    if (status < 0) return statusFailure(status)
    this.peer = undefined
    this.refusal = undefined
    if (!this.isPortChosen) return
    this.isPortChosen = false
    return ofStatus(calls.bind(fd, this.localAddress))
  }

  setBroadcast(enabled: boolean): void | PortFailure {
    return attempt(() => this.socket.setBroadcast(enabled))
  }

  setTtl(hops: number): void | PortFailure {
    return attempt(() => this.socket.setTTL(hops))
  }

  // Bun's own setter refuses 0, which keeps datagrams on this host.
  setMulticastTtl(hops: number): void | PortFailure {
    const { calls, isInet6, socket } = this
    if (calls !== undefined) return ofStatus(calls.setMulticastTtl(socket.fd, isInet6, hops))
    return attempt(() => socket.setMulticastTTL(hops))
  }

  setMulticastLoop(enabled: boolean): void | PortFailure {
    return attempt(() => this.socket.setMulticastLoopback(enabled))
  }

  setMulticastInterface(address: string): void | PortFailure {
    const local = NodeMulticastInterface.find(address)
    if (local === undefined) return noInterface()
    try {
      if (!this.socket.setMulticastInterface(local)) return optionRefused("IP_MULTICAST_IF")
    } catch (error) {
      return failureOf(error)
    }
  }

  join({ group, interface: address, source }: Membership): void | PortFailure {
    const { socket } = this
    const local = address === undefined ? undefined : NodeMulticastInterface.find(address)
    if (address !== undefined && local === undefined) return noInterface()
    try {
      if (source === undefined) socket.addMembership(group, local)
      else socket.addSourceSpecificMembership(source, group, local)
    } catch (error) {
      return membershipFailure(error)
    }
  }

  leave({ group, interface: address, source }: Membership): void | PortFailure {
    const { socket } = this
    const local = address === undefined ? undefined : NodeMulticastInterface.find(address)
    try {
      if (source === undefined) socket.dropMembership(group, local)
      else socket.dropSourceSpecificMembership(source, group, local)
    } catch (error) {
      return membershipFailure(error)
    }
  }

  get kernelReceiveBytes(): number | undefined {
    return this.calls?.receiveBuffer(this.socket.fd)
  }

  get kernelSendBytes(): number | undefined {
    return this.calls?.sendBuffer(this.socket.fd)
  }

  close(): void {
    if (this.isClosing) return
    this.isClosing = true
    // The descriptor is closed inside `close()`: only the report waits.
    this.socket.close()
    raiseLater(this.turn, () => this.events?.onClosed())
  }

  setRef(isRef: boolean): void {
    if (isRef) this.socket.ref()
    else this.socket.unref()
  }

  /** Bun's `data`. */
  onData(bytes: Uint8Array, port: number, host: string, isTruncated: boolean): void {
    if (this.isClosing || this.events === undefined) return
    this.turn.enter()
    try {
      this.events.onDatagram(bytes, { _tag: "Inet", host, port }, isTruncated)
    } finally {
      this.turn.leave()
    }
  }

  /** Bun's `drain`, which also comes once after the start. */
  onDrain(): void {
    if (this.isClosing) return
    this.turn.enter()
    try {
      this.events?.onWritable()
    } finally {
      this.turn.leave()
    }
  }

  /** Bun's `error`, for what the kernel said when Bun read. */
  onError(error: Error): void {
    if (this.isClosing) return
    raise(this.turn, () => this.events?.onRefused(failureOf(error)))
  }
}
