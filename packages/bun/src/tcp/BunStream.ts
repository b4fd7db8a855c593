/**
 * A `StreamPort` over one socket of Bun's.
 *
 * The handlers are one static object for all sockets: `socket.data` is the `BunStream`, so a
 * connection costs this instance and nothing else.
 */
import {
  End,
  type KeepAlive,
  type PortAddress,
  type PortFailure,
  raiseLater,
  type ReadOutcome,
  type StreamEvents,
  type StreamPort,
  type TurnPort,
  WouldBlock
} from "@portico/core/port/index"
import { inetAddress } from "../BunAddress.ts"
import { brokenPipe, failureOf, optionRefused } from "../BunErrno.ts"
import { type SecureSocket, type Upgrade, upgrade } from "../tls/BunUpgrade.ts"

/** Of a chunk that is large: it is freed by hand, and nothing is read behind it. */
const bulkBytes = 16 * 1024

interface KnownAddresses {
  local: PortAddress | undefined
  peer: PortAddress | undefined
}

/** Whom Bun tells of a socket: its `data`. */
export interface SocketEvents {
  onData(chunk: Uint8Array): void
  onDrain(): void
  onEnd(): void
  onClose(error: Error | undefined): void
}

export type Socket = Bun.Socket<SocketEvents>

export class BunStream implements StreamPort, SocketEvents {
  protected readonly turn: TurnPort
  protected socket: Socket
  /** Those that are known: asked for once, or given. Most connections never need any. */
  private known: KnownAddresses | undefined
  protected events: StreamEvents | undefined = undefined

  protected held: Uint8Array | undefined = undefined
  protected paused = false
  /** A large chunk that was lent whole: its memory is freed when the loan ends. */
  private loan: Uint8Array | undefined = undefined
  /** What a read says once nothing is held. */
  protected readingOver: typeof End | PortFailure | undefined = undefined

  protected full = false
  protected writingOver: PortFailure | undefined = undefined

  /** Core has asked for the close: from then on it hears nothing but `onClosed`. */
  protected closing = false
  /** Whether it keeps the process alive. */
  protected isRef = true

  /** A Unix socket's addresses are given here: Bun does not know them. */
  constructor(
    turn: TurnPort,
    socket: Socket,
    local: PortAddress | undefined,
    peer: PortAddress | undefined
  ) {
    this.turn = turn
    this.socket = socket
    this.known = local === undefined && peer === undefined ? undefined : { local, peer }
  }

  // Bun forgets the addresses with the descriptor, so what was asked for once is kept.
  get localAddress(): PortAddress | undefined {
    const known = (this.known ??= { local: undefined, peer: undefined })
    return (known.local ??= inetAddress(this.socket.localAddress, this.socket.localPort))
  }

  get peerAddress(): PortAddress | undefined {
    const known = (this.known ??= { local: undefined, peer: undefined })
    return (known.peer ??= inetAddress(this.socket.remoteAddress, this.socket.remotePort))
  }

  attach(events: StreamEvents): void {
    this.events = events
    if (this.paused && this.held === undefined) this.resume()
  }

  get readable(): boolean {
    return this.held !== undefined || this.readingOver !== undefined
  }

  get bytesUnread(): number {
    return this.held === undefined ? 0 : this.held.length
  }

  // Bun hands out a fresh copy of every chunk, so kept bytes need no copy of ours.
  tryRead(bytesMax: number, keep: boolean): ReadOutcome {
    if (this.loan !== undefined) this.endLoan()
    const held = this.held
    if (held === undefined) return this.readingOver ?? WouldBlock
    if (held.length > bytesMax) {
      this.held = held.subarray(bytesMax)
      return held.subarray(0, bytesMax)
    }
    this.held = undefined
    if (this.paused) this.resume()
    if (!keep && isBulk(held)) this.loan = held
    return held
  }

  private endLoan(): void {
    free(this.loan!)
    this.loan = undefined
  }

  tryWrite(bytes: Uint8Array): number | PortFailure {
    if (this.writingOver !== undefined) return this.writingOver
    const taken = this.socket.write(bytes)
    if (taken === bytes.length) return taken
    // -1 after the close, which Bun reports before anyone can write again.
    if (taken < 0) return (this.writingOver = brokenPipe())
    this.full = true
    return taken
  }

  // Bun's `write` answers how much the kernel took, and keeps nothing.
  get lent(): boolean {
    return false
  }

  get writable(): boolean {
    return !this.full && this.writingOver === undefined
  }

  // `end()` would close the descriptor, and the peer's answer would meet a reset.
  shutdown(): void {
    this.socket.shutdown()
  }

  close(): void {
    if (this.closing) return
    this.startClosing()
    this.socket.close()
    this.reportClosed()
  }

  reset(): void {
    if (this.closing) return
    this.startClosing()
    this.socket.terminate()
    this.reportClosed()
  }

  setNoDelay(enabled: boolean): void | PortFailure {
    if (!this.socket.setNoDelay(enabled)) return this.writingOver ?? optionRefused("TCP_NODELAY")
  }

  // Bun takes milliseconds. It also sets 1 s between probes and 10 of them, and has no say in it.
  setKeepAlive(keepAlive: KeepAlive): void | PortFailure {
    if (!this.socket.setKeepAlive(keepAlive.enabled, keepAlive.initialDelayMillis)) {
      return this.writingOver ?? optionRefused("SO_KEEPALIVE")
    }
  }

  setRef(ref: boolean): void {
    this.isRef = ref
    if (ref) this.socket.ref()
    else this.socket.unref()
  }

  /**
   * Gives the socket to TLS, with `unread` and what was read ahead of it, or says why there is none
   * to give. The one that stays here is its shadow: closing that closes both.
   */
  upgrade(request: Upgrade, unread: Uint8Array): SecureSocket | typeof End | PortFailure {
    if (this.readingOver !== undefined) return this.readingOver
    const held = this.held
    this.held = undefined
    const initial = held === undefined ? unread : joined(unread, held)
    const { secure, shadow } = upgrade(this.socket, request, initial)
    this.socket = shadow
    if (this.paused) secure.resume()
    // Of the two only the secure one keeps the process alive.
    if (!this.isRef) secure.unref()
    return secure
  }

  /** Ends the secure socket too: one that was closed may still have bytes to send. */
  abandon(): void {
    this.socket.terminate()
  }

  /** Leaves everything in the kernel as long as nobody is attached. */
  pauseUnlessAttached(): void {
    if (this.events === undefined && !this.closing) this.pause()
  }

  /** Bun's `data`. */
  onData(chunk: Uint8Array): void {
    const before = this.held
    // A reset ends the pause: Bun then hands over all that the kernel still had, chunk by chunk.
    this.held = before === undefined ? chunk : joined(before, chunk)
    this.raiseReadable()
    // The usual reader took the chunk just now, and two system calls are saved. So they are by one
    // that was put off until the turn: it takes a small chunk before the peer has sent more.
    const isMore = before !== undefined || chunk.length >= bulkBytes
    if (isMore && this.held !== undefined && !this.paused) this.pause()
  }

  /** Bun's `end`: the peer's FIN, after all its bytes. */
  onEnd(): void {
    this.readingOver = End
    this.raiseReadable()
  }

  /** Bun's `drain`, which also comes after every resume and after nothing at all. */
  onDrain(): void {
    if (!this.full) return
    this.full = false
    this.raiseWritable()
  }

  /**
   * Bun's `close`. It comes inside our own `close()` and `terminate()`; by itself after a reset
   * (which is told here, not in `error`), after both FINs, and without an `end` when the peer's
   * FIN follows our `shutdown()`.
   */
  onClose(error: Error | undefined): void {
    this.writingOver ??= error === undefined ? brokenPipe() : failureOf(error)
    this.readingOver ??= error === undefined ? End : this.writingOver
    this.raiseReadable()
    this.raiseWritable()
  }

  protected pause(): void {
    this.paused = true
    this.socket.pause()
  }

  protected resume(): void {
    this.paused = false
    this.socket.resume()
  }

  // A handler that throws is a defect, of which Bun is told. The turn ends all the same: within one
  // that never ended nobody's writes would leave any more.
  protected raiseReadable(): void {
    if (this.closing || this.events === undefined) return
    this.turn.enter()
    try {
      this.events.onReadable()
    } finally {
      this.turn.leave()
    }
  }

  protected raiseWritable(): void {
    if (this.closing || this.events === undefined) return
    this.turn.enter()
    try {
      this.events.onWritable()
    } finally {
      this.turn.leave()
    }
  }

  protected startClosing(): void {
    this.closing = true
    this.held = undefined
  }

  // The descriptor is closed inside `socket.close()`, or was by Bun before: only the report waits.
  protected reportClosed(): void {
    raiseLater(this.turn, () => this.events?.onClosed())
  }
}

/** Whether a chunk of Bun's is large, and all of its memory. */
const isBulk = (chunk: Uint8Array): boolean =>
  chunk.length >= bulkBytes && chunk.length === chunk.buffer.byteLength

// A large chunk lies outside the heap, where it would wait for a collection; the collections of
// a busy stream cost more than its reads. Detaching gives the memory back now, still warm.
const free = (chunk: Uint8Array): void => void (chunk.buffer as ArrayBuffer).transfer(0)

/** Nobody looks at `chunk`, a chunk of Bun's, any more. */
export const letGo = (chunk: Uint8Array): void => {
  if (isBulk(chunk)) free(chunk)
}

// A plain byte array, as Bun's own chunks are: a Buffer's `slice` would not copy.
const joined = (first: Uint8Array, second: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}

/** For all connected sockets. */
export const streamHandlers: Bun.SocketHandler<SocketEvents> = {
  binaryType: "uint8array",
  data: (socket, chunk) => socket.data.onData(chunk),
  drain: (socket) => socket.data.onDrain(),
  end: (socket) => socket.data.onEnd(),
  close: (socket, error) => socket.data.onClose(error)
}
