/**
 * A `DatagramPort` over `dgram.Socket`, sending through its handle.
 *
 * When the kernel is full, libuv queues: one datagram at most, since from then on `trySend` takes
 * none until that one has gone.
 */
import type * as Dgram from "node:dgram"
import {
  type DatagramEvents,
  type DatagramPort,
  type InetPortAddress,
  type Membership,
  type OutgoingDatagram,
  type PortFailure,
  raise,
  raiseLater,
  type TurnPort
} from "@portico/core/port/index"
import {
  failureOf,
  membershipFailure,
  noInterface,
  sendFailure,
  statusFailure
} from "../NodeErrno.ts"
import * as NodeMulticastInterface from "./NodeMulticastInterface.ts"
import type { UdpHandle } from "./NodeUdpHandle.ts"
import type { NodeUdpOutbox } from "./NodeUdpOutbox.ts"

/** Runs a setter of `dgram.Socket`, which throws. */
const attempt = (set: () => void): void | PortFailure => {
  try {
    set()
  } catch (error) {
    return failureOf(error)
  }
}

export class NodeUdpSocket implements DatagramPort {
  readonly localAddress: InetPortAddress
  readonly lends = false
  private readonly turn: TurnPort
  private readonly socket: Dgram.Socket
  private readonly handle: UdpHandle
  private readonly outbox: NodeUdpOutbox
  private events: DatagramEvents | undefined
  private peer: InetPortAddress | undefined
  /** libuv has a datagram that the kernel did not take. */
  private isFull = false
  /** An ICMP answer that the kernel told in the middle of a batch. */
  private refusal: PortFailure | undefined
  private isClosing = false
  private readonly onDone = (status: number) => this.onSent(status)

  /** `socket` is bound. */
  constructor(turn: TurnPort, socket: Dgram.Socket, handle: UdpHandle, outbox: NodeUdpOutbox) {
    const { address, port } = socket.address()
    this.localAddress = { _tag: "Inet", host: address, port }
    this.turn = turn
    this.socket = socket
    this.handle = handle
    this.outbox = outbox
    socket.on("message", (bytes, from) => this.onMessage(bytes, from))
    socket.on("error", (error) => this.raiseRefused(failureOf(error)))
  }

  attach(events: DatagramEvents): void {
    this.events = events
  }

  trySend(batch: ReadonlyArray<OutgoingDatagram>): number | PortFailure {
    if (this.isFull) return 0
    const { refusal } = this
    if (refusal !== undefined) {
      this.refusal = undefined
      return refusal
    }
    for (let index = 0; index < batch.length; index++) {
      const datagram = batch[index]!
      const status = this.outbox.send(this.handle, datagram, this.onDone)
      if (status > 0) continue
      if (status === 0) {
        this.isFull = true
        return index + 1
      }
      return this.failedAt(index, sendFailure(status, datagram.bytes.length))
    }
    return batch.length
  }

  // Behind datagrams that were taken a failure waits for the next call: most come again by
  // themselves, but what ICMP answered the kernel tells only once.
  private failedAt(index: number, failure: PortFailure): number | PortFailure {
    if (index === 0) return failure
    if (failure.reason._tag === "ConnectionRefused") this.refusal = failure
    return index
  }

  connect(peer: InetPortAddress | undefined): void | PortFailure {
    const before = this.peer
    if (before !== undefined) {
      const failure = this.disconnect()
      if (failure !== undefined) return failure
    }
    if (peer === undefined) return
    const status = this.handle.connect(peer.host, peer.port)
    if (status === 0) {
      this.peer = peer
      return
    }
    // libuv refuses to connect what is connected, and has let the earlier peer go by now.
    if (before !== undefined && this.handle.connect(before.host, before.port) === 0) {
      this.peer = before
    }
    return statusFailure(status)
  }

  private disconnect(): void | PortFailure {
    const { handle, localAddress } = this
    const status = handle.disconnect()
    if (status < 0) return statusFailure(status)
    this.peer = undefined
    this.refusal = undefined
    // Linux lets go of a port that it chose itself.
    if (this.socket.address().port === localAddress.port) return
    const rebound = handle.bind(localAddress.host, localAddress.port, 0)
    if (rebound < 0) return statusFailure(rebound)
  }

  setBroadcast(enabled: boolean): void | PortFailure {
    return attempt(() => this.socket.setBroadcast(enabled))
  }

  setTtl(hops: number): void | PortFailure {
    return attempt(() => this.socket.setTTL(hops))
  }

  setMulticastTtl(hops: number): void | PortFailure {
    return attempt(() => this.socket.setMulticastTTL(hops))
  }

  setMulticastLoop(enabled: boolean): void | PortFailure {
    return attempt(() => this.socket.setMulticastLoopback(enabled))
  }

  setMulticastInterface(address: string): void | PortFailure {
    const local = NodeMulticastInterface.find(address)
    if (local === undefined) return noInterface()
    return attempt(() => this.socket.setMulticastInterface(local))
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
    return this.isClosing ? undefined : this.socket.getRecvBufferSize()
  }

  get kernelSendBytes(): number | undefined {
    return this.isClosing ? undefined : this.socket.getSendBufferSize()
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

  // Node has given each datagram memory of its length. The view is a plain byte array: a Buffer's
  // `slice` would not copy, and programs would notice which host they are on.
  private onMessage(bytes: Buffer, { address, port }: Dgram.RemoteInfo): void {
    if (this.isClosing || this.events === undefined) return
    const isWhole = bytes.length === bytes.buffer.byteLength
    const own = isWhole ? new Uint8Array(bytes.buffer) : new Uint8Array(bytes)
    this.turn.enter()
    try {
      this.events.onDatagram(own, { _tag: "Inet", host: address, port }, false)
    } finally {
      this.turn.leave()
    }
  }

  // Also called for what the close cancelled.
  private onSent(status: number): void {
    if (this.isClosing) return
    this.isFull = false
    if (status < 0) this.raiseRefused(statusFailure(status))
    this.turn.enter()
    try {
      this.events?.onWritable()
    } finally {
      this.turn.leave()
    }
  }

  private raiseRefused(failure: PortFailure): void {
    if (this.isClosing) return
    raise(this.turn, () => this.events?.onRefused(failure))
  }
}
