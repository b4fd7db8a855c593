/**
 * A `StreamPort` over one connected `net.Socket`.
 *
 * The socket reads into a slab through `onread`; one function serves all sockets, which Node calls
 * with the socket as `this`, and the port hangs on the socket.
 */
import type * as Net from "node:net"
import {
  End,
  type KeepAlive,
  type PortAddress,
  type PortFailure,
  raise,
  type ReadOutcome,
  type StreamEvents,
  type StreamPort,
  type TurnPort,
  WouldBlock
} from "@portico/core/port/index"
import { inetAddress } from "../NodeAddress.ts"
import { brokenPipe, failureOf } from "../NodeErrno.ts"
import { NodeReceiver } from "./NodeReceiver.ts"
import type { NodeSlabs } from "./NodeSlabs.ts"
import { resetBehindEnd } from "./resetBehindEnd.ts"

const portKey = Symbol("@portico/node/tcp/NodeStream")
export type PortSocket = Net.Socket & { [portKey]?: NodeStream }

/**
 * The options that make a socket read into slabs. The mark of 1 byte makes every unfinished write
 * ask for a `drain`, also one that is shorter than Node's own 64 KiB.
 */
export const socketOptions = (slabs: NodeSlabs, noDelay: boolean): Net.SocketConstructorOpts => {
  const options = {
    allowHalfOpen: true,
    noDelay,
    writableHighWaterMark: 1,
    onread: { buffer: slabs.answer, callback: onRead }
  }
  return options
}

function onRead(this: PortSocket, count: number, slab: Uint8Array): boolean {
  return this[portKey]!.onRead(slab as Buffer, count)
}
function onData(this: PortSocket, chunk: Buffer): void {
  this[portKey]!.onData(chunk)
}
function onEnd(this: PortSocket): void {
  this[portKey]!.onEnd()
}
function onDrain(this: PortSocket): void {
  this[portKey]!.onDrain()
}
function onError(this: PortSocket, error: Error): void {
  this[portKey]!.onError(error)
}
function onClose(this: PortSocket): void {
  this[portKey]!.onClose()
}

export class NodeStream implements StreamPort {
  lent = false
  private readonly turn: TurnPort
  private readonly socket: PortSocket
  private readonly receiver: NodeReceiver
  private readonly unixLocal: PortAddress | undefined
  private readonly unixPeer: PortAddress | undefined
  private events: StreamEvents | undefined
  private isPaused = false
  private isClosing = false
  private isReported = false
  /** What a read says once nothing is held. */
  private readingOver: typeof End | PortFailure | undefined
  private writingOver: PortFailure | undefined

  /** A Unix socket's addresses are given here: Node does not know them. */
  constructor(
    turn: TurnPort,
    slabs: NodeSlabs,
    socket: Net.Socket,
    unix?: { readonly local?: PortAddress; readonly peer?: PortAddress }
  ) {
    this.turn = turn
    this.socket = socket
    this.receiver = new NodeReceiver(slabs)
    this.unixLocal = unix?.local
    this.unixPeer = unix?.peer
    this.socket[portKey] = this
    socket.on("end", onEnd)
    socket.on("error", onError)
    socket.on("close", onClose)
  }

  /** Without slabs: Node allocates each chunk, and the chunk is ours. */
  readWithoutSlabs(): this {
    this.socket.on("data", onData)
    return this
  }

  attach(events: StreamEvents): void {
    this.events = events
  }

  get localAddress(): PortAddress | undefined {
    return this.unixLocal ?? inetAddress(this.socket.localAddress, this.socket.localPort)
  }

  get peerAddress(): PortAddress | undefined {
    return this.unixPeer ?? inetAddress(this.socket.remoteAddress, this.socket.remotePort)
  }

  get readable(): boolean {
    return this.receiver.length > 0 || this.readingOver !== undefined
  }

  get bytesUnread(): number {
    return this.receiver.length
  }

  tryRead(bytesMax: number, keep: boolean): ReadOutcome {
    const receiver = this.receiver
    if (receiver.length === 0) {
      receiver.endLoan()
      if (this.isPaused) this.resumeReading()
      return this.readingOver ?? WouldBlock
    }
    const bytes = receiver.take(bytesMax, keep)
    if (this.isPaused && receiver.isFree) this.resumeReading()
    return bytes
  }

  /**
   * Gives the socket to who reads and writes it natively in this port's place, with the bytes that
   * were read and not taken. Undefined when its end or failure is known already. What stays here is
   * the descriptor: `close`, `reset`, and the socket's options.
   */
  release(): { readonly socket: Net.Socket; readonly unread: Uint8Array } | undefined {
    const { receiver, socket } = this
    if (this.readingOver !== undefined || this.writingOver !== undefined) return undefined
    const unread = receiver.length === 0 ? new Uint8Array(0) : receiver.take(receiver.length, true)
    receiver.dispose()
    socket.off("data", onData)
    // A flowing socket would throw away what is put back into it.
    socket.pause()
    return { socket, unread }
  }

  private resumeReading(): void {
    this.isPaused = false
    this.socket.resume()
  }

  tryWrite(bytes: Uint8Array): number | PortFailure {
    const { socket } = this
    if (this.writingOver !== undefined) return this.writingOver
    if (socket.destroyed) return (this.writingOver = brokenPipe())
    socket.write(bytes)
    if (socket.writableLength === 0) {
      // Node tells the `error` event on a later tick; here it is known already.
      const error = socket.errored
      return error === null ? bytes.length : (this.writingOver = failureOf(error))
    }
    // The kernel took a part. libuv goes on reading this memory until `drain`.
    this.lent = true
    socket.once("drain", onDrain)
    return bytes.length
  }

  get writable(): boolean {
    return !this.lent && this.writingOver === undefined && !this.socket.destroyed
  }

  shutdown(): void {
    if (!this.socket.destroyed) this.socket.end()
  }

  close(): void {
    if (this.isClosing) return
    this.isClosing = true
    this.reportWhenClosed()
    this.socket.destroy()
  }

  reset(): void {
    if (this.isClosing) return
    this.isClosing = true
    this.reportWhenClosed()
    // Only TCP has RST; Node throws for a Unix socket.
    if (this.unixLocal === undefined && this.unixPeer === undefined) this.socket.resetAndDestroy()
    else this.socket.destroy()
  }

  // A socket that failed or ended both ways was closed by Node itself.
  private reportWhenClosed(): void {
    if (this.socket.closed) this.turn.later(() => this.raiseClosed())
  }

  setNoDelay(enabled: boolean): void {
    this.socket.setNoDelay(enabled)
  }

  setKeepAlive(keepAlive: KeepAlive): void {
    this.socket.setKeepAlive(keepAlive.enabled, keepAlive.initialDelayMillis)
  }

  setRef(ref: boolean): void {
    if (ref) this.socket.ref()
    else this.socket.unref()
  }

  /** Bytes in a slab. The answer says whether Node goes on reading. */
  onRead(slab: Buffer, count: number): boolean {
    if (this.isClosing) return false
    this.receiver.received(slab, count)
    this.raiseReadable()
    const goesOn = this.receiver.settle()
    if (!goesOn) this.isPaused = true
    return goesOn
  }

  onData(chunk: Buffer): void {
    if (this.isClosing) return
    this.receiver.hold(chunk)
    this.raiseReadable()
    if (this.receiver.isFree) return
    this.isPaused = true
    this.socket.pause()
  }

  onEnd(): void {
    this.readingOver ??= resetBehindEnd(this.socket) ?? End
    this.raiseReadable()
  }

  onDrain(): void {
    this.lent = false
    this.raiseWritable()
  }

  onError(error: Error): void {
    const failure = failureOf(error)
    this.writingOver ??= failure
    this.readingOver ??= failure
    this.lent = false
    this.raiseReadable()
    this.raiseWritable()
  }

  onClose(): void {
    this.lent = false
    if (this.isClosing) return this.raiseClosed()
    this.writingOver ??= brokenPipe()
    this.readingOver ??= End
    this.raiseReadable()
    this.raiseWritable()
  }

  // A handler that throws is a defect, of which the host is told. The turn ends all the same:
  // within one that never ended nobody's writes would leave any more.
  private raiseReadable(): void {
    if (this.isClosing || this.events === undefined) return
    this.turn.enter()
    try {
      this.events.onReadable()
    } finally {
      this.turn.leave()
    }
  }

  private raiseWritable(): void {
    if (this.isClosing || this.events === undefined) return
    this.turn.enter()
    try {
      this.events.onWritable()
    } finally {
      this.turn.leave()
    }
  }

  private raiseClosed(): void {
    // Where Node had begun to close the socket itself, `closed` is true and `close` still to come.
    if (this.isReported) return
    this.isReported = true
    this.receiver.dispose()
    raise(this.turn, () => this.events?.onClosed())
  }
}
