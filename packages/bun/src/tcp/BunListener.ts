/**
 * A `ListenerPort` over `Bun.listen`.
 *
 * Bun accepts whatever the kernel has, so connections that nobody took wait here: paused, at most
 * `acceptQueueMax`, and beyond that they are reset.
 *
 * Out of descriptors Bun 1.4.5 says nothing: `accept4` fails with EMFILE and is repeated at once,
 * by 100 % of one core, until a descriptor is free. Timers and sockets go on meanwhile, the
 * connections stay in the kernel's backlog and come when descriptors do. So `tryAccept` never
 * fails here.
 */
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
import { withMode } from "@portico/node/tcp/NodeSocketFile"
import { unlessExhausted } from "../BunDescriptors.ts"
import { failureOf } from "../BunErrno.ts"
import { BunStream, type Socket, type SocketEvents, streamHandlers } from "./BunStream.ts"

export class BunListener implements ListenerPort {
  readonly localAddress: PortAddress
  private readonly turn: TurnPort
  private readonly listener: Bun.SocketListener<SocketEvents>
  private readonly queueMax: number
  private readonly noDelay: boolean
  private readonly queue: Array<BunStream> = []
  private events: ListenerEvents | undefined = undefined
  private closing = false

  /** Throws what Bun.listen throws. */
  constructor(turn: TurnPort, request: ListenRequest) {
    this.turn = turn
    this.queueMax = request.acceptQueueMax
    this.noDelay = request.noDelay
    const { address } = request
    const open = (socket: Socket) => this.onOpen(socket)
    const shared = { allowHalfOpen: true, socket: { ...streamHandlers, open } }
    if (address._tag === "Unix") {
      this.listener = withMode(request.mode, () =>
        Bun.listen<SocketEvents>({ unix: address.path, ...shared })
      )
      this.localAddress = address
      return
    }
    const options = {
      hostname: address.host,
      port: address.port,
      reusePort: request.reusePort,
      ipv6Only: request.ipv6Only
    }
    const listener = Bun.listen<SocketEvents>({ ...options, ...shared })
    this.listener = listener
    this.localAddress = { _tag: "Inet", host: address.host, port: listener.port }
  }

  attach(events: ListenerEvents): void {
    this.events = events
  }

  tryAccept(): StreamPort | typeof WouldBlock {
    return this.queue.shift() ?? WouldBlock
  }

  get acceptable(): boolean {
    return this.queue.length > 0
  }

  // stop() closes the descriptor, and removes a Unix path just before.
  close(): void {
    if (this.closing) return
    this.closing = true
    this.listener.stop()
    for (const stream of this.queue) stream.reset()
    this.queue.length = 0
    raiseLater(this.turn, () => this.events?.onClosed())
  }

  setRef(ref: boolean): void {
    if (this.closing) return
    if (ref) this.listener.ref()
    else this.listener.unref()
  }

  /** Bun's `open`, for an accepted socket. */
  private onOpen(socket: Socket): void {
    const unix = this.localAddress._tag === "Unix"
    const stream = new BunStream(this.turn, socket, unix ? this.localAddress : undefined, undefined)
    socket.data = stream
    if (this.closing || this.queue.length >= this.queueMax) return stream.reset()
    if (!this.noDelay) stream.setNoDelay(false)
    this.queue.push(stream)
    this.turn.enter()
    try {
      this.events?.onAcceptable()
    } finally {
      this.turn.leave()
    }
    stream.pauseUnlessAttached()
  }
}

/** Listens now, or says why not. */
export const listen = (turn: TurnPort, request: ListenRequest): BunListener | PortFailure => {
  try {
    return new BunListener(turn, request)
  } catch (error) {
    return unlessExhausted(failureOf(error))
  }
}
