/**
 * A connection attempt that can be cancelled.
 *
 * `Bun.connect` cannot: it gives nothing before the socket is open, so an attempt that nobody
 * answers would keep its descriptor, and the process, until the kernel gives up (127 s on Linux).
 * Bun's node:net opens the same native socket and frees it in `destroy`. So the attempt is made
 * there, and once it is open the native socket is taken over: from then on node:net has no part
 * in it.
 */
import * as Net from "node:net"
import {
  type Attempt,
  type ConnectEvents,
  type ConnectRequest,
  type PortFailure,
  raise,
  type TurnPort
} from "@portico/core/port/index"
import { unlessExhausted } from "../BunDescriptors.ts"
import { failureOf } from "../BunErrno.ts"
import { BunStream, type Socket, streamHandlers } from "./BunStream.ts"

export class BunConnect implements Attempt {
  private readonly turn: TurnPort
  private readonly request: ConnectRequest
  private readonly events: ConnectEvents
  private readonly client: Net.Socket
  private done = false

  constructor(turn: TurnPort, request: ConnectRequest, events: ConnectEvents) {
    this.turn = turn
    this.request = request
    this.events = events
    this.client = new Net.Socket({ allowHalfOpen: true })
    // node:net still has work to do with its socket after the event, in the same callback; a
    // microtask comes after that, and before Bun can report anything else.
    this.client.on("connect", () => queueMicrotask(() => this.onOpen()))
    this.client.on("error", (error) => this.onError(error))
    this.client.connect(connectOptions(request))
  }

  cancel(): void {
    if (this.done) return
    this.done = true
    this.client.destroy()
  }

  private onOpen(): void {
    if (this.done) return
    this.done = true
    const { address, noDelay } = this.request
    const socket = takeSocket(this.client)
    const peer = address._tag === "Unix" ? address : undefined
    const stream = new BunStream(this.turn, socket, undefined, peer)
    socket.data = stream
    socket.reload({ socket: streamHandlers })
    if (!noDelay) stream.setNoDelay(false)
    raise(this.turn, () => this.events.onConnected(stream))
  }

  private onError(error: Error): void {
    const failure = unlessExhausted(failureOf(error))
    // What the kernel refuses at once may be reported inside the call.
    this.turn.later(() => this.raiseFailed(failure))
  }

  private raiseFailed(failure: PortFailure): void {
    if (this.done) return
    this.done = true
    raise(this.turn, () => this.events.onFailed(failure))
  }
}

const connectOptions = ({ address, local }: ConnectRequest): Net.SocketConnectOpts => {
  if (address._tag === "Unix") return { path: address.path }
  const remote = { host: address.host, port: address.port }
  return local === undefined
    ? remote
    : { ...remote, localAddress: local.host, localPort: local.port }
}

type Taken = Socket & { [owner: symbol]: unknown }

/**
 * The native socket, undocumented as `_handle`. node:net loses it, and the socket its way back (a
 * symbol): otherwise it would keep some 2 KB of node:net alive with every connection.
 */
const takeSocket = (client: Net.Socket): Socket => {
  const holder = client as unknown as { _handle: Taken | null }
  const socket = holder._handle
  if (socket === null) throw new Error("Bun's node:net has no native socket: it was open just now")
  holder._handle = null
  for (const owner of Object.getOwnPropertySymbols(socket)) socket[owner] = undefined
  return socket
}
