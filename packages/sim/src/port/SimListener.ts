/** A listener port over a simulated listening socket. */
import {
  type ListenerEvents,
  type ListenerPort,
  type PortAddress,
  type PortFailure,
  type StreamPort,
  WouldBlock
} from "@portico/core/port/index"
import { failure } from "../kernel/Errno.ts"
import { acceptAndAdmit } from "../kernel/Handshake.ts"
import type { Watcher } from "../kernel/Host.ts"
import { closeListener, type Listener } from "../kernel/Listener.ts"
import { LoopRef } from "../loop/LoopRef.ts"
import type { SimPorts } from "./SimPorts.ts"
import { SimStream } from "./SimStream.ts"
import { type Strand, StrandKind } from "../loop/Strand.ts"

export class SimListener implements ListenerPort, Watcher {
  readonly localAddress: PortAddress

  private readonly ports: SimPorts
  private readonly listener: Listener
  private readonly strand: Strand
  private readonly ref: LoopRef
  private events: ListenerEvents | undefined = undefined
  private isRaising = false
  private isClosed = false

  constructor(ports: SimPorts, listener: Listener) {
    this.ports = ports
    this.listener = listener
    this.strand = ports.world.strand(StrandKind.port)
    this.ref = new LoopRef(ports.world)
    this.localAddress = listener.address
  }

  attach(events: ListenerEvents): void {
    this.events = events
    this.listener.watcher = this
  }

  get acceptable(): boolean {
    return this.listener.queue.length > 0
  }

  tryAccept(): StreamPort | typeof WouldBlock | PortFailure {
    const end = acceptAndAdmit(this.ports.host, this.listener)
    if (end === "descriptorsUsedUp") return failure(end, "accept")
    return end === undefined ? WouldBlock : new SimStream(this.ports, end)
  }

  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.ref.drop()
    closeListener(this.ports.host, this.listener)
    this.ports.raiseClosed(this.events)
  }

  setRef(isRef: boolean): void {
    this.ref.set(isRef)
  }

  changed(_edges: number): void {
    if (this.isRaising) return
    this.isRaising = true
    this.ports.world.post(this.strand, this.raiseAcceptable)
  }

  private readonly raiseAcceptable = () => {
    this.isRaising = false
    if (!this.isClosed) this.ports.raise(() => this.events!.onAcceptable())
  }
}
