/** A datagram port over a simulated socket. */
import type {
  DatagramEvents,
  DatagramPort,
  InetPortAddress,
  Membership,
  OutgoingDatagram,
  PortFailure
} from "@portico/core/port/index"
import { type Errno, failure } from "../kernel/Errno.ts"
import { Edge, type Watcher } from "../kernel/Host.ts"
import * as IpAddress from "../kernel/IpAddress.ts"
import * as UdpBind from "../kernel/UdpBind.ts"
import { receive } from "../kernel/UdpDelivery.ts"
import type { UdpEndpoint, UdpName } from "../kernel/UdpEndpoint.ts"
import { send } from "../kernel/UdpSend.ts"
import { LoopRef } from "../loop/LoopRef.ts"
import type { SimPorts } from "./SimPorts.ts"
import { type Strand, StrandKind } from "../loop/Strand.ts"

// As libuv: so many in one go, so that a flood leaves the loop to others.
const receivesPerStepMax = 32

export class SimUdpSocket implements DatagramPort, Watcher {
  /** A send copies into the send buffer. */
  readonly lends = false
  readonly localAddress: InetPortAddress
  private readonly ports: SimPorts
  private readonly endpoint: UdpEndpoint
  private readonly strand: Strand
  private readonly ref: LoopRef
  private events: DatagramEvents | undefined = undefined
  private edges = 0
  private isClosed = false

  constructor(ports: SimPorts, endpoint: UdpEndpoint) {
    this.ports = ports
    this.endpoint = endpoint
    this.strand = ports.world.strand(StrandKind.port)
    this.ref = new LoopRef(ports.world)
    this.localAddress = endpoint.address
  }

  attach(events: DatagramEvents): void {
    this.events = events
    this.endpoint.watcher = this
    // What came between the bind and now.
    if (this.endpoint.queue.length > 0) this.changed(Edge.readable)
  }

  trySend(batch: ReadonlyArray<OutgoingDatagram>): number | PortFailure {
    const { endpoint, ports } = this
    for (const [index, { bytes, to }] of batch.entries()) {
      // An error that waits is told by the call that begins with this datagram.
      if (index > 0 && endpoint.error !== undefined) return index
      const outcome = send(ports.host, endpoint, bytes, to)
      if (outcome === true) continue
      return outcome === false || index > 0 ? index : failure(outcome, "sendmsg")
    }
    return batch.length
  }

  connect(peer: InetPortAddress | undefined): void | PortFailure {
    return told(UdpBind.connect(this.endpoint, peer), "connect")
  }

  setBroadcast(enabled: boolean): void {
    this.endpoint.mayBroadcast = enabled
  }

  // Everybody is on this host: no hop is taken. By loopback, multicast comes back in any case.
  setTtl(_hops: number): void {}
  setMulticastTtl(_hops: number): void {}
  setMulticastLoop(_enabled: boolean): void {}

  setMulticastInterface(address: string): void | PortFailure {
    return told(UdpBind.setMulticastInterface(this.endpoint, address), "setsockopt")
  }

  join(membership: Membership): void | PortFailure {
    return told(UdpBind.join(this.endpoint, membership), "setsockopt")
  }

  leave(membership: Membership): void | PortFailure {
    return told(UdpBind.leave(this.endpoint, membership), "setsockopt")
  }

  get kernelReceiveBytes(): number {
    return this.endpoint.receiveBytesMax
  }

  get kernelSendBytes(): number {
    return this.endpoint.sendBytesMax
  }

  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.ref.drop()
    UdpBind.close(this.ports.host, this.endpoint)
    this.ports.raiseClosed(this.events)
  }

  setRef(isRef: boolean): void {
    this.ref.set(isRef)
  }

  changed(edges: number): void {
    if (this.edges === 0) this.ports.world.post(this.strand, this.raiseEdges)
    this.edges |= edges
  }

  private readonly raiseEdges = () => {
    const edges = this.edges
    this.edges = 0
    this.ports.raise(() => {
      if ((edges & Edge.readable) !== 0) this.receiveAll()
      if ((edges & Edge.writable) !== 0 && !this.isClosed) this.events!.onWritable()
    })
  }

  private receiveAll(): void {
    const { endpoint } = this
    const { error } = endpoint
    if (error !== undefined && !this.isClosed) {
      endpoint.error = undefined
      this.events!.onRefused(failure(error, "recvmsg"))
    }
    for (let count = 0; count < receivesPerStepMax && !this.isClosed; count++) {
      const datagram = receive(endpoint)
      if (datagram === undefined) return
      this.events!.onDatagram(datagram.bytes, this.seen(datagram.from), false)
    }
    if (endpoint.queue.length > 0 && !this.isClosed) this.changed(Edge.readable)
  }

  // A dual-stack socket sees IPv4 peers as mapped addresses.
  private seen({ ip, port }: UdpName): InetPortAddress {
    const isDualStack = this.endpoint.bound.ip.family === 6
    return { _tag: "Inet", host: isDualStack ? IpAddress.mapped(ip) : ip.literal, port }
  }
}

const told = (refusal: Errno | undefined, syscall: string): PortFailure | undefined =>
  refusal === undefined ? undefined : failure(refusal, syscall)
