/**
 * One simulated host: its limits, its names, and how many descriptors are taken.
 *
 * The kernel is plain data and synchronous steps over it. What it needs of the world is a
 * `Timeline`: it reads no clock and calls nobody back but `Watcher`s, which only take note.
 */
import type { Event } from "../EventQueue.ts"
import type { Prng } from "../Prng.ts"
import type { Strand, StrandKind, Task } from "../Strand.ts"
import type { Endpoint } from "./Endpoint.ts"
import { InetNames } from "./InetNames.ts"
import type { Listener } from "./Listener.ts"
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

export class Host {
  readonly options: HostOptions
  readonly timeline: Timeline
  readonly draws: Prng
  readonly inet: InetNames<Listener>
  readonly udp: InetNames<UdpEndpoint>
  readonly unix = new UnixNames()
  /** What happens when a packet gets there. */
  readonly arrive: (host: Host, to: Endpoint, packet: Packet) => void
  descriptors = 0
  private sockets = 0

  constructor(
    options: HostOptions,
    timeline: Timeline,
    draws: Prng,
    arrive: (host: Host, to: Endpoint, packet: Packet) => void
  ) {
    this.options = options
    this.timeline = timeline
    this.draws = draws
    this.arrive = arrive
    this.inet = new InetNames(draws)
    this.udp = new InetNames(draws)
  }

  get descriptorsLeft(): boolean {
    return this.descriptors < this.options.descriptorsMax
  }

  /** Numbers sockets from 1, for reports. */
  nextSocket(): number {
    return ++this.sockets
  }
}
