/** A stream port over one end of a simulated connection. */
import {
  End,
  type KeepAlive,
  type PortAddress,
  type PortFailure,
  type ReadOutcome,
  type StreamEvents,
  type StreamPort,
  WouldBlock
} from "@portico/core/port/index"
import { type Endpoint, isReadable, isWritable } from "../kernel/Endpoint.ts"
import { failure } from "../kernel/Errno.ts"
import { Edge, type Watcher } from "../kernel/Host.ts"
import { setKeepAlive } from "../kernel/KeepAlive.ts"
import * as Teardown from "../kernel/Teardown.ts"
import * as Transfer from "../kernel/Transfer.ts"
import { LoopRef } from "../loop/LoopRef.ts"
import type { SimPorts } from "./SimPorts.ts"
import { type Strand, StrandKind } from "../loop/Strand.ts"

const nanosPerMilli = 1e6

export class SimStream implements StreamPort, Watcher {
  /** A write copies into the send buffer. */
  readonly lent = false
  readonly localAddress: PortAddress | undefined
  readonly peerAddress: PortAddress | undefined

  private readonly ports: SimPorts
  private readonly end: Endpoint
  private readonly strand: Strand
  private readonly ref: LoopRef
  private events: StreamEvents | undefined = undefined
  private edges = 0
  private isClosed = false

  constructor(ports: SimPorts, end: Endpoint) {
    this.ports = ports
    this.end = end
    this.strand = ports.world.strand(StrandKind.port)
    this.ref = new LoopRef(ports.world)
    this.localAddress = end.local
    this.peerAddress = end.remote
  }

  attach(events: StreamEvents): void {
    this.events = events
    this.end.watcher = this
  }

  get readable(): boolean {
    return isReadable(this.end)
  }

  // There is no read-ahead to count: reads take straight from the kernel. These are its bytes,
  // which core asks for before it takes any; on close the kernel resets for them by itself.
  get bytesUnread(): number {
    return this.end.unread.bytes
  }

  get writable(): boolean {
    return isWritable(this.ports.host, this.end)
  }

  // Bytes leave the kernel's chunks for good, so borrowed ones cost no more than kept ones.
  tryRead(bytesMax: number, _keep: boolean): ReadOutcome {
    const read = Transfer.read(this.ports.host, this.end, bytesMax)
    return read instanceof Uint8Array || read === End || read === WouldBlock
      ? read
      : failure(read, "read")
  }

  tryWrite(bytes: Uint8Array): number | PortFailure {
    const written = Transfer.write(this.ports.host, this.end, bytes)
    return typeof written === "string" ? failure(written, "write") : written
  }

  shutdown(): void {
    Transfer.shutdown(this.ports.host, this.end)
  }

  close(): void {
    this.finish(Teardown.close)
  }

  reset(): void {
    this.finish(Teardown.reset)
  }

  // Nothing is held back for larger segments.
  setNoDelay(_enabled: boolean): void {}

  setKeepAlive({ enabled, initialDelayMillis }: KeepAlive): void {
    const nanos = enabled ? initialDelayMillis * nanosPerMilli : undefined
    setKeepAlive(this.ports.host, this.end, nanos)
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
      if ((edges & Edge.readable) !== 0 && !this.isClosed) this.events!.onReadable()
      if ((edges & Edge.writable) !== 0 && !this.isClosed) this.events!.onWritable()
    })
  }

  private finish(how: typeof Teardown.close): void {
    if (this.isClosed) return
    this.isClosed = true
    this.ref.drop()
    how(this.ports.host, this.end)
    this.ports.raiseClosed(this.events)
  }
}
