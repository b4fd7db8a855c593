/** A datagram socket as users hold it: one port, a receiving side, a sending side. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Address from "../../Address.ts"
import type { HandleCounters, Wait } from "../../Handle.ts"
import { IoError } from "../../IoError.ts"
import type { PortFailure } from "../../port/PortFailure.ts"
import type { InetPortAddress } from "../../port/PortAddress.ts"
import type { DatagramEvents, DatagramPort } from "../../port/UdpPort.ts"
import { Reason } from "../../Reason.ts"
import type { Site } from "../../Site.ts"
import type { GroupOptions, Overflow } from "../../UdpOptions.ts"
import type { Datagram, OutgoingDatagram, UdpCounters, UdpSocket } from "../../UdpSocket.ts"
import * as Check from "../Check.ts"
import { Destinations } from "./Destinations.ts"
import * as GroupOperations from "./GroupOperations.ts"
import { HandleBase } from "../HandleBase.ts"
import type { HandleTable } from "../HandleTable.ts"
import { Memberships } from "./Memberships.ts"
import { ReceivedDatagram } from "./ReceivedDatagram.ts"
import { Receive, TryReceive } from "./ReceiveOperations.ts"
import { Receivers } from "./Receivers.ts"
import { Refusals } from "./Refusals.ts"
import { Send, SendBatch, TrySendBatch } from "./SendOperations.ts"
import type { SendRequest } from "./SendRequest.ts"
import { Senders } from "./Senders.ts"
import { batchMax } from "./UdpArguments.ts"
import * as UdpSettings from "./UdpSettings.ts"

export interface UdpHandleSettings {
  readonly site: Site
  readonly receiveQueueBytes: number
  readonly overflow: Overflow
  readonly datagramBytesMax: number
  readonly ipv6Only: boolean
}

type Batch = readonly [Datagram, ...ReadonlyArray<Datagram>]

export class UdpHandle extends HandleBase implements UdpSocket, DatagramEvents {
  readonly kind = "UdpSocket"
  readonly address: Address.InetAddress
  readonly destinations: Destinations
  private readonly port: DatagramPort
  private readonly settings: UdpHandleSettings
  private readonly receivers: Receivers
  private readonly senders: Senders
  private readonly groups = new Memberships()
  private readonly receiving: Receive<Datagram>
  private readonly tryReceiving: TryReceive
  private receivingBatch: Receive<Array<Datagram>> | undefined = undefined
  private connectedTo: InetPortAddress | undefined = undefined
  private readonly refusals = new Refusals()

  constructor(table: HandleTable, port: DatagramPort, settings: UdpHandleSettings) {
    super(table)
    this.port = port
    this.settings = settings
    this.address = Address.fromInetPort(port.localAddress)
    this.destinations = new Destinations(port.localAddress, settings.ipv6Only)
    this.receivers = new Receivers(settings.receiveQueueBytes, settings.overflow)
    this.senders = new Senders(this, port)
    this.receiving = new Receive(this, this.receivers, "UdpSocket.receive", undefined)
    this.tryReceiving = new TryReceive(this, this.receivers)
    port.attach(this)
  }

  get site(): string | undefined {
    return this.settings.site.text
  }

  get family(): 4 | 6 {
    return this.destinations.family
  }

  get isConnected(): boolean {
    return this.connectedTo !== undefined
  }

  get peer(): Option.Option<Address.InetAddress> {
    return Option.map(Option.fromUndefinedOr(this.connectedTo), Address.fromInetPort)
  }

  get receive(): Effect.Effect<Datagram, IoError> {
    return this.receiving
  }

  receiveBatch(countMax: number): Effect.Effect<Batch, IoError> {
    const operation = "UdpSocket.receiveBatch"
    const refusal = Check.integer(operation, "countMax", countMax, 1, batchMax)
    if (refusal !== undefined) return refusal
    if (this.receivingBatch?.countMax !== countMax) {
      this.receivingBatch = new Receive(this, this.receivers, operation, countMax)
    }
    // Never empty: it waits for the first.
    return this.receivingBatch as Effect.Effect<unknown, IoError> as Effect.Effect<Batch, IoError>
  }

  get tryReceive(): Effect.Effect<Option.Option<Datagram>, IoError> {
    return this.tryReceiving
  }

  get awaitReadable(): Effect.Effect<void, IoError> {
    const { readable } = this.receivers
    return readable.until(this, "UdpSocket.awaitReadable", () => this.isReadable)
  }

  /** `tryReceive` has something to say. */
  get isReadable(): boolean {
    return this.hasFailure || this.receivers.isAvailable
  }

  send(bytes: Uint8Array, to?: Address.InetInput): Effect.Effect<void, IoError> {
    return new Send(this, this.senders, { bytes, to })
  }

  sendBatch(batch: ReadonlyArray<OutgoingDatagram>): Effect.Effect<void, IoError> {
    return new SendBatch(this, this.senders, batch)
  }

  trySendBatch(batch: ReadonlyArray<OutgoingDatagram>): Effect.Effect<number, IoError> {
    return new TrySendBatch(this, this.senders, batch)
  }

  get awaitWritable(): Effect.Effect<void, IoError> {
    const { writable } = this.senders
    return writable.until(this, "UdpSocket.awaitWritable", () => this.isWritable)
  }

  /** `trySendBatch` may take something, or fail. */
  get isWritable(): boolean {
    return this.hasFailure || this.senders.isWritable
  }

  connect(peer: Address.InetInput): Effect.Effect<void, IoError> {
    const operation = "UdpSocket.connect"
    return Effect.suspend(
      () =>
        this.destinations.check(operation, "peer", peer) ??
        this.changePeer(operation, this.destinations.resolve(peer))
    )
  }

  get disconnect(): Effect.Effect<void, IoError> {
    const operation = "UdpSocket.disconnect"
    return Effect.suspend(() =>
      this.isConnected || this.isClosing ? this.changePeer(operation, undefined) : Effect.void
    )
  }

  private changePeer(
    operation: string,
    peer: InetPortAddress | undefined
  ): Effect.Effect<void, IoError> {
    return Effect.suspend(() => {
      if (!this.isClosing && this.senders.isWaiting) {
        return Effect.fail(this.error(operation, Reason.Busy()))
      }
      const done = () => {
        this.connectedTo = peer
        // What the peer before answered is no news of this one.
        this.refusals.take()
      }
      return UdpSettings.set(this, operation, () => this.port.connect(peer), done)
    })
  }

  setBroadcast(enabled: boolean): Effect.Effect<void, IoError> {
    const tell = () => this.port.setBroadcast(enabled)
    return UdpSettings.set(this, "UdpSocket.setBroadcast", tell)
  }

  setTtl(hops: number): Effect.Effect<void, IoError> {
    return UdpSettings.setTtl(this, this.port, hops)
  }

  setMulticastTtl(hops: number): Effect.Effect<void, IoError> {
    return UdpSettings.setMulticastTtl(this, this.port, hops)
  }

  setMulticastLoop(enabled: boolean): Effect.Effect<void, IoError> {
    const tell = () => this.port.setMulticastLoop(enabled)
    return UdpSettings.set(this, "UdpSocket.setMulticastLoop", tell)
  }

  setMulticastInterface(address: string): Effect.Effect<void, IoError> {
    return UdpSettings.setMulticastInterface(this, this.port, address)
  }

  join(group: GroupOptions): Effect.Effect<void, IoError> {
    return GroupOperations.join(this, this.port, this.groups, group)
  }

  leave(group: GroupOptions): Effect.Effect<void, IoError> {
    return GroupOperations.leave(this, this.port, this.groups, group)
  }

  get kernelReceiveBytes(): Effect.Effect<number, IoError> {
    const ask = () => this.port.kernelReceiveBytes
    return UdpSettings.granted(this, "UdpSocket.kernelReceiveBytes", ask)
  }

  get kernelSendBytes(): Effect.Effect<number, IoError> {
    const ask = () => this.port.kernelSendBytes
    return UdpSettings.granted(this, "UdpSocket.kernelSendBytes", ask)
  }

  /** Whether the next operation fails: closed, or something untold. */
  get hasFailure(): boolean {
    return this.isClosing || this.refusals.isUntold
  }

  /** The failure that the next operation has; what was untold is told by it. */
  takeFailure(operation: string): IoError | undefined {
    if (this.isClosing) return this.closedError(operation)
    const untold = this.refusals.take()
    return untold === undefined ? undefined : this.failure(operation, untold)
  }

  private failure(operation: string, { cause, reason }: PortFailure): IoError {
    return this.error(operation, reason, cause)
  }

  closedError(operation: string): IoError {
    return this.error(operation, Reason.Closed())
  }

  /** How a request ended that is done. */
  sent(request: SendRequest): Effect.Effect<void, IoError> {
    const stopper = request.stoppedBy
    if (stopper === undefined) return Effect.void
    const { operation, taken } = request
    const { cause, reason } = stopper.failure
    const to = stopper.datagram.to ?? this.connectedTo
    const address =
      to === undefined ? this.addressText : Address.format(Address.fromPort(to), "udp")
    const index = operation === "UdpSocket.send" ? undefined : taken
    return Effect.fail(new IoError({ operation, reason, address, index, cause }))
  }

  /** Bytes that a datagram may have: to an address, or to the peer. */
  bytesMax(to: InetPortAddress | undefined): number {
    return this.destinations.bytesMax(to ?? this.connectedTo ?? this.port.localAddress)
  }

  /** The bytes as the port may have them: a host that reads them later is given its own. */
  lendable(bytes: Uint8Array): Uint8Array {
    return this.port.lends ? copyOf(bytes, bytes.length) : bytes
  }

  /** Counts what the host answered, if that came from the network. */
  noteRefusal(failure: PortFailure): void {
    if (failure.reason._tag === "ConnectionRefused") this.refusals.count++
  }

  onDatagram(bytes: Uint8Array, from: InetPortAddress, truncated: boolean): void {
    if (this.isClosing) return
    const bytesMax = this.settings.datagramBytesMax
    const isLong = bytes.length > bytesMax
    // A view would keep what was cut in memory.
    const kept = isLong ? copyOf(bytes, bytesMax) : bytes
    const isTruncated = truncated || isLong
    this.receivers.deliver(new ReceivedDatagram(kept, from, isTruncated, this.destinations))
  }

  onWritable(): void {
    if (!this.isClosing) this.senders.pump()
  }

  onRefused(failure: PortFailure): void {
    if (this.isClosing) return
    this.refusals.count++
    if (!this.isConnected) return
    if (this.receivers.failNext((operation) => this.failure(operation, failure))) return
    this.refusals.keep(failure)
    this.receivers.readable.wakeAll()
    this.senders.writable.wakeAll()
  }

  get close(): Effect.Effect<void> {
    return Effect.uninterruptible(
      Effect.suspend(() => {
        if (this.beginClose()) {
          this.receivers.close((operation) => this.closedError(operation))
          this.senders.close()
          this.port.close()
        }
        return this.awaitClosed
      })
    )
  }

  onClosed(): void {
    this.table.reportClosed(this)
  }

  get datagrams(): UdpCounters {
    const { datagramsReceived, queue } = this.receivers
    return {
      datagramsReceived,
      datagramsSent: this.senders.datagramsSent,
      datagramsDropped: queue.datagramsDropped,
      bytesDropped: queue.bytesDropped,
      datagramsQueued: queue.length,
      refusals: this.refusals.count
    }
  }

  get counters(): HandleCounters {
    return {
      bytesRead: this.receivers.bytesReceived,
      bytesWritten: this.senders.bytesSent,
      bytesQueued: this.senders.bytesQueued,
      connectionsAccepted: 0
    }
  }

  get waits(): ReadonlyArray<Wait> {
    return [...this.receivers.waits, ...this.senders.waits]
  }

  protected get addressText(): string {
    return Address.format(
      Option.getOrElse(this.peer, () => this.address),
      "udp"
    )
  }

  get label(): string {
    const local = Address.format(this.address, "udp")
    return `UdpSocket #${this.id} ${local}${this.isConnected ? ` → ${this.addressText}` : ""}`
  }

  protected setRefUnsafe(ref: boolean): void {
    this.port.setRef(ref)
  }
}

// Not `slice`: a host's kind of byte array may share memory there.
const copyOf = (bytes: Uint8Array, length: number): Uint8Array => {
  const copy = new Uint8Array(length)
  copy.set(length === bytes.length ? bytes : bytes.subarray(0, length))
  return copy
}
