/**
 * What carries the records: a socket of Node's, below which `node:tls` reads and writes natively,
 * or a `Duplex` over any other port.
 */
import type * as Net from "node:net"
import type { Duplex } from "node:stream"
import type { TLSSocket } from "node:tls"
import type { PortFailure, StreamPort } from "@portico/core/port/index"
import { NodeStream } from "../tcp/NodeStream.ts"
import { resetBehindEnd } from "../tcp/resetBehindEnd.ts"
import { NodeTransport } from "./NodeTransport.ts"

export interface Carrier {
  readonly stream: Duplex
  /** Asked when `secure` ends: whether that is because the carrier has, with no close_notify. */
  isCutOff(secure: TLSSocket): boolean
  /** The reset that the carrier's end hides, if it does. */
  resetBehindEnd(): PortFailure | undefined
  /** Of what was written, the kernel has not taken everything. */
  isFull(): boolean
  /** Calls back when the end that the secure socket was told has been passed on. */
  whenEnded(then: () => void): void
  /** Nothing will come of it: the transport is core's again. */
  abandon(): void
}

/** Takes the transport over, or answers undefined when it has ended already. */
export const carry = (
  transport: StreamPort,
  unread: Uint8Array,
  onClosed: () => void
): Carrier | undefined => {
  if (!(transport instanceof NodeStream)) return overPort(transport, unread, onClosed)
  const released = transport.release()
  if (released === undefined) return undefined
  transport.attach({ onReadable: nothing, onWritable: nothing, onClosed })
  const { socket } = released
  // `TLSSocket` begins with what its socket has read.
  for (const bytes of [released.unread, unread]) if (bytes.length > 0) socket.unshift(bytes)
  return {
    stream: socket,
    isCutOff: (secure) => hasEnded(socket, secure),
    resetBehindEnd: () => resetBehindEnd(socket),
    // Undocumented: without it every write counts as kept until Node reports it.
    isFull: () => handleOf(socket)?.writeQueueSize !== 0,
    // The end goes to libuv within the call.
    whenEnded: (then) => then(),
    abandon: nothing
  }
}

const nothing = () => undefined

const overPort = (transport: StreamPort, unread: Uint8Array, onClosed: () => void): Carrier => {
  const stream = new NodeTransport(transport, unread, onClosed)
  return {
    stream,
    isCutOff: () => stream.readableEnded,
    resetBehindEnd: nothing,
    isFull: () => stream.writableLength > 0,
    whenEnded: (then) => whenFinished(stream, then),
    abandon: () => stream.destroy()
  }
}

/** How long close_notify may wait for a transport that has taken everything before it. */
const endMillis = 1_000

const whenFinished = (stream: Duplex, then: () => void): void => {
  if (stream.writableFinished || stream.destroyed) return then()
  const once = () => {
    clearTimeout(timer)
    stream.off("finish", once).off("close", once)
    then()
  }
  const timer = setTimeout(once, endMillis)
  stream.on("finish", once).on("close", once)
}

interface ReadingHandle {
  readonly reading?: boolean
  readStart?(): number
  readStop?(): number
  /** Bytes that libuv keeps for the kernel. */
  readonly writeQueueSize?: number
}
const handleOf = (socket: Net.Socket): ReadingHandle | null =>
  (socket as unknown as { readonly _handle: ReadingHandle | null })._handle

/**
 * Node tells the end of the records and the end of the socket alike. libuv tells them apart: a
 * stream that has come to its end is no longer being read, so `readStart` succeeds, where one that
 * is being read answers with an error (UV_EALREADY). Both are undocumented: without them a stream
 * that was cut off passes for one that ended, which a law notices.
 */
const hasEnded = (socket: Net.Socket, secure: TLSSocket): boolean => {
  const handle = handleOf(socket)
  // Stopped by us: what ends now was read before.
  if (handleOf(secure)?.reading !== true || handle?.readStart?.() !== 0) return false
  handle.readStop?.()
  return true
}
