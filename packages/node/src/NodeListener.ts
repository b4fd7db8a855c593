/**
 * A `ListenerPort` over `net.Server`.
 *
 * libuv accepts whatever the kernel has, so connections that nobody took wait here, paused, at
 * most `acceptQueueMax`; beyond that they are reset.
 */
import * as Net from "node:net"
import {
  type ListenerEvents,
  type ListenerPort,
  type ListenRequest,
  type PortAddress,
  PortFailure,
  type StreamPort,
  type TurnPort,
  WouldBlock
} from "@portico/core/port/index"
import { failureOf } from "./NodeErrno.ts"
import type { NodeSlabs } from "./NodeSlabs.ts"
import { NodeStream, socketOptions } from "./NodeStream.ts"

export class NodeListener implements ListenerPort {
  readonly localAddress: PortAddress
  private readonly turn: TurnPort
  private readonly slabs: NodeSlabs
  private readonly server: Net.Server
  private readonly queueMax: number
  private readonly queue: Array<Net.Socket> = []
  private failure: PortFailure | undefined
  private events: ListenerEvents | undefined
  private isClosing = false

  /** `server` is listening. */
  constructor(turn: TurnPort, slabs: NodeSlabs, server: Net.Server, request: ListenRequest) {
    this.turn = turn
    this.slabs = slabs
    this.server = server
    this.queueMax = request.acceptQueueMax
    const bound = server.address()
    this.localAddress =
      bound === null || typeof bound === "string"
        ? request.address
        : { _tag: "Inet", host: bound.address, port: bound.port }
    server.on("connection", (socket) => this.onConnection(socket))
    server.on("error", (error) => this.onError(error))
  }

  attach(events: ListenerEvents): void {
    this.events = events
  }

  tryAccept(): StreamPort | typeof WouldBlock | PortFailure {
    const { failure } = this
    if (failure !== undefined) {
      this.failure = undefined
      return failure
    }
    const socket = this.queue.shift()
    return socket === undefined ? WouldBlock : this.open(socket)
  }

  get acceptable(): boolean {
    return this.queue.length > 0 || this.failure !== undefined
  }

  // `net.Server` does not offer `onread` for accepted sockets, so the connection moves to a socket
  // that has it. The handle is undocumented (`_handle`): without it, read as Node does by default.
  private open(accepted: Net.Socket): StreamPort {
    const { localAddress, slabs, turn } = this
    const unix = localAddress._tag === "Unix" ? { local: localAddress } : undefined
    const holder = accepted as unknown as { _handle?: object | null }
    const handle = holder._handle
    if (handle === undefined || handle === null) {
      const stream = new NodeStream(turn, slabs, accepted, unix).readWithoutSlabs()
      accepted.resume()
      return stream
    }
    holder._handle = null
    slabs.useNext(slabs.shared)
    const options = { ...socketOptions(slabs), handle }
    const socket = new Net.Socket(options as Net.SocketConstructorOpts)
    return new NodeStream(turn, slabs, socket, unix)
  }

  close(): void {
    if (this.isClosing) return
    this.isClosing = true
    // The descriptor is closed inside `close()`. Its callback would wait for every connection.
    this.server.close()
    for (const socket of this.queue.splice(0)) discard(socket)
    this.turn.later(() => {
      this.turn.enter()
      this.events?.onClosed()
      this.turn.leave()
    })
  }

  setRef(ref: boolean): void {
    if (ref) this.server.ref()
    else this.server.unref()
  }

  private onConnection(socket: Net.Socket): void {
    if (this.isClosing || this.queue.length >= this.queueMax) return discard(socket)
    this.queue.push(socket)
    this.raiseAcceptable()
  }

  private onError(error: Error): void {
    this.failure = failureOf(error)
    this.raiseAcceptable()
  }

  private raiseAcceptable(): void {
    if (this.isClosing) return
    this.turn.enter()
    this.events?.onAcceptable()
    this.turn.leave()
  }
}

const discard = (socket: Net.Socket): void => {
  socket.on("error", () => {})
  // Only TCP has RST; Node throws for a Unix socket.
  if (socket.remoteAddress === undefined) socket.destroy()
  else socket.resetAndDestroy()
}
