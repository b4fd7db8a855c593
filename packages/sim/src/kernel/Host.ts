/**
 * One simulated host: its limits, its names, and how many descriptors are taken.
 *
 * The kernel is plain data and synchronous steps over it. What it needs of the world is a
 * `Timeline`: it reads no clock and calls nobody back but `Watcher`s, which only take note.
 */
import type { Event } from "../loop/EventQueue.ts"
import type { Prng } from "../Prng.ts"
import type { Strand, StrandKind, Task } from "../loop/Strand.ts"
import type { Endpoint } from "./Endpoint.ts"
import { InetNames } from "./InetNames.ts"
import type { Listener } from "./Listener.ts"
import * as IpAddress from "./IpAddress.ts"
import type { LoopbackWatch } from "./loopback.ts"
import type { Loss } from "./Network.ts"
import type { Site } from "./Site.ts"
import type { UdpEndpoint } from "./UdpEndpoint.ts"
import { UnixNames } from "./UnixNames.ts"
import type { Packet } from "./Wire.ts"

export interface HostOptions {
  /** What one socket may have written that its peer's kernel has not confirmed. */
  readonly sendBufferBytes: number
  /** What one socket may have received that nobody read. */
  readonly receiveBufferBytes: number
  readonly descriptorsMax: number
  /** From one end to the other, in nanoseconds; at least 1. */
  readonly latencyNanos: number
}

export interface Timeline {
  /** Virtual nanoseconds. */
  readonly now: number
  strand(kind: StrandKind): Strand
  after(nanos: number, strand: Strand, task: Task): Event
  cancel(event: Event): void
}

/** What may have changed at a socket. Bits. */
export const Edge = { readable: 1, writable: 2 } as const

export interface Watcher {
  /** Takes note of edges, and acts in a later step: the kernel is in the middle of one. */
  changed(edges: number): void
}

/** What TCP does about packets. */
export interface Protocol {
  /** A packet gets to an end that this kernel, or one that ran here before, knows or knew. */
  readonly arrive: (host: Host, to: Endpoint, packet: Packet) => void
  /** A SYN gets to where `client` connects to. */
  readonly synArrived: (host: Host, client: Endpoint) => void
  /** A packet for `to` got nowhere, or not yet. */
  readonly lost: (to: Endpoint, packet: Packet, loss: Loss) => void
}

export type Socket = Endpoint | Listener | UdpEndpoint

/** An open file or directory. */
export interface OpenDescriptor {
  /** Its process has ended. */
  release(): void
}

export class Host {
  readonly options: HostOptions
  readonly timeline: Timeline
  readonly draws: Prng
  readonly inet: InetNames<Listener>
  readonly udp: InetNames<UdpEndpoint>
  readonly unix: UnixNames
  readonly protocol: Protocol
  descriptors = 0
  /** What programs hold descriptors of, in the order in which they got them. */
  readonly open = new Set<Socket>()
  readonly openFiles = new Set<OpenDescriptor>()
  /** Names that processes have locked. */
  readonly locks = new Set<string>()
  /** Told of packets that stay within the only host of a world. */
  watch: LoopbackWatch | undefined = undefined
  /** Without power nothing leaves it any more. */
  isUp = true
  /** Its place among others; undefined for the only host there is, which has loopback alone. */
  readonly site: Site | undefined
  private sockets = 0

  constructor(
    options: HostOptions,
    timeline: Timeline,
    draws: Prng,
    protocol: Protocol,
    site?: Site
  ) {
    this.options = options
    this.timeline = timeline
    this.draws = draws
    this.protocol = protocol
    this.site = site
    this.unix = new UnixNames(timeline, draws)
    this.inet = new InetNames(draws)
    this.udp = new InetNames(draws)
  }

  get descriptorsLeft(): boolean {
    return this.descriptors < this.options.descriptorsMax
  }

  /** A program holds a descriptor of it. */
  opened(socket: Socket): void {
    this.descriptors++
    this.open.add(socket)
  }

  /** It gave that back. */
  closed(socket: Socket): void {
    if (this.open.delete(socket)) this.descriptors--
  }

  openedFile(file: OpenDescriptor): void {
    this.descriptors++
    this.openFiles.add(file)
  }

  closedFile(file: OpenDescriptor): void {
    if (this.openFiles.delete(file)) this.descriptors--
  }

  /** Whether an address is this host's. */
  owns(ip: IpAddress.IpAddress): boolean {
    if (IpAddress.isLoopback(ip)) return true
    return this.site?.addresses.some(({ literal }) => literal === ip.literal) === true
  }

  /** Whether it has a route there. */
  reaches(ip: IpAddress.IpAddress): boolean {
    return IpAddress.isLoopback(ip) || this.sourceFor(ip) !== undefined
  }

  /** The address that packets to `remote` come from; undefined if there is no route. */
  sourceFor(remote: IpAddress.IpAddress): IpAddress.IpAddress | undefined {
    if (IpAddress.isLoopback(remote)) return IpAddress.source(remote)
    if (this.owns(remote)) return remote
    return this.site?.addresses.find(({ family }) => family === remote.family)
  }

  /** Numbers sockets from 1, for reports. */
  nextSocket(): number {
    return ++this.sockets
  }
}
