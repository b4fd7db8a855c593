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
  type PortFailure,
  raiseLater,
  type StreamPort,
  type TurnPort,
  WouldBlock
} from "@portico/core/port/index"
import { failureOf, statusFailure } from "../NodeErrno.ts"
import type { NodeSlabs } from "./NodeSlabs.ts"
import { NodeStream, socketOptions } from "./NodeStream.ts"

/** A libuv handle, or a whole socket where Node does not let us have the handle. */
type Accepted = AcceptedHandle | Net.Socket
interface AcceptedHandle {
  /** TCP only. */
  setNoDelay?(enabled: boolean): void
}
interface ListeningHandle {
  onconnection?: (status: number, client: AcceptedHandle | undefined) => void
}

export class NodeListener implements ListenerPort {
  readonly localAddress: PortAddress
  private readonly turn: TurnPort
  private readonly slabs: NodeSlabs
  private readonly server: Net.Server
  private readonly queueMax: number
  private readonly noDelay: boolean
  private readonly options: Net.SocketConstructorOpts
  private readonly queue: Array<Accepted> = []
  private failure: PortFailure | undefined
  private events: ListenerEvents | undefined
  private isClosing = false

  /** `server` is listening. */
  constructor(turn: TurnPort, slabs: NodeSlabs, server: Net.Server, request: ListenRequest) {
    this.turn = turn
    this.slabs = slabs
    this.server = server
    this.queueMax = request.acceptQueueMax
    this.noDelay = request.noDelay
    this.options = socketOptions(slabs, request.noDelay)
    const bound = server.address()
    this.localAddress =
      bound === null || typeof bound === "string"
        ? request.address
        : { _tag: "Inet", host: bound.address, port: bound.port }
    this.listenToHandle((server as { readonly _handle?: ListeningHandle })._handle)
    server.on("connection", (socket) => this.onConnection(socket))
    server.on("error", (error) => this.onFailure(failureOf(error)))
  }

  // `net.Server` makes a socket of each connection, without `onread` and without a way to offer
  // it. Below it, `onconnection` gives the bare handle. It is undocumented: where it is missing
  // the `connection` event comes, and reading is as Node does it by default.
  private listenToHandle(handle: ListeningHandle | undefined): void {
    if (typeof handle?.onconnection !== "function") return
    handle.onconnection = (status, client) => {
      if (client === undefined) return this.onFailure(statusFailure(status))
      if (this.noDelay) client.setNoDelay?.(true)
      this.onConnection(client)
    }
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
    const accepted = this.queue.shift()
    return accepted === undefined ? WouldBlock : this.open(accepted)
  }

  get acceptable(): boolean {
    return this.queue.length > 0 || this.failure !== undefined
  }

  private open(accepted: Accepted): StreamPort {
    const { localAddress, slabs, turn } = this
    const unix = localAddress._tag === "Unix" ? { local: localAddress } : undefined
    if (accepted instanceof Net.Socket) {
      accepted.resume()
      return new NodeStream(turn, slabs, accepted, unix).readWithoutSlabs()
    }
    slabs.useNext(slabs.shared)
    return new NodeStream(turn, slabs, toSocket(accepted, this.options), unix)
  }

  close(): void {
    if (this.isClosing) return
    this.isClosing = true
    // The descriptor is closed inside `close()`. Its callback would wait for every connection.
    this.server.close()
    for (const accepted of this.queue.splice(0)) discard(accepted)
    raiseLater(this.turn, () => this.events?.onClosed())
  }

  setRef(ref: boolean): void {
    if (ref) this.server.ref()
    else this.server.unref()
  }

  private onConnection(accepted: Accepted): void {
    if (this.isClosing || this.queue.length >= this.queueMax) return discard(accepted)
    this.queue.push(accepted)
    this.raiseAcceptable()
  }

  private onFailure(failure: PortFailure): void {
    this.failure = failure
    this.raiseAcceptable()
  }

  private raiseAcceptable(): void {
    if (this.isClosing) return
    this.turn.enter()
    try {
      this.events?.onAcceptable()
    } finally {
      this.turn.leave()
    }
  }
}

// `handle` is an option of `net.Socket` that its documentation leaves out.
const toSocket = (handle: AcceptedHandle, options: Net.SocketConstructorOpts): Net.Socket =>
  new Net.Socket({ ...options, handle } as Net.SocketConstructorOpts)

const discard = (accepted: Accepted): void => {
  const socket = accepted instanceof Net.Socket ? accepted : toSocket(accepted, {})
  socket.on("error", () => {})
  // Only TCP has RST; Node throws for a Unix socket.
  if (socket.remoteAddress === undefined) socket.destroy()
  else socket.resetAndDestroy()
}
