/**
 * One short request on a handle, as typed data: what a `Proactor` is given.
 *
 * The type parameter is the `Completion` that answers it.
 */
import type { File } from "./File.ts"
import type { TcpListener } from "./TcpListener.ts"
import type { ConnectOptions } from "./TcpOptions.ts"
import type { TcpStream } from "./TcpStream.ts"
import type { OutgoingDatagram, UdpSocket } from "./UdpSocket.ts"

export interface Accept {
  readonly _tag: "Accept"
  readonly listener: TcpListener
}
export interface Connect {
  readonly _tag: "Connect"
  readonly options: ConnectOptions
}
/** At most `bytesMax` (>= 1) bytes. */
export interface Read {
  readonly _tag: "Read"
  readonly stream: TcpStream
  readonly bytesMax: number
}
export interface Write {
  readonly _tag: "Write"
  readonly stream: TcpStream
  readonly chunks: ReadonlyArray<Uint8Array>
}
export interface Shutdown {
  readonly _tag: "Shutdown"
  readonly stream: TcpStream
}
export interface ReceiveFrom {
  readonly _tag: "ReceiveFrom"
  readonly socket: UdpSocket
}
export interface SendTo {
  readonly _tag: "SendTo"
  readonly socket: UdpSocket
  readonly datagram: OutgoingDatagram
}

/** At most `bytesMax` (1–64 MiB) bytes from `position` on, or from the cursor without one. */
export interface FileRead {
  readonly _tag: "FileRead"
  readonly file: File
  readonly bytesMax: number
  readonly position: number | undefined
}
/** All of the chunks, from `position` on, or at the cursor without one. */
export interface FileWrite {
  readonly _tag: "FileWrite"
  readonly file: File
  readonly chunks: ReadonlyArray<Uint8Array>
  readonly position: number | undefined
}
/** Makes a file's content durable; its times, too, unless `dataOnly`. */
export interface Sync {
  readonly _tag: "Sync"
  readonly file: File
  readonly dataOnly: boolean
}

export type Operation =
  | Accept
  | Connect
  | Read
  | Write
  | Shutdown
  | ReceiveFrom
  | SendTo
  | FileRead
  | FileWrite
  | Sync

export const accept = (listener: TcpListener): Accept => ({ _tag: "Accept", listener })
export const connect = (options: ConnectOptions): Connect => ({ _tag: "Connect", options })
export const read = (stream: TcpStream, bytesMax: number): Read => ({
  _tag: "Read",
  stream,
  bytesMax
})
export const write = (stream: TcpStream, chunks: ReadonlyArray<Uint8Array>): Write => ({
  _tag: "Write",
  stream,
  chunks
})
export const shutdown = (stream: TcpStream): Shutdown => ({ _tag: "Shutdown", stream })
export const receiveFrom = (socket: UdpSocket): ReceiveFrom => ({ _tag: "ReceiveFrom", socket })
export const fileRead = (file: File, bytesMax: number, position?: number): FileRead => ({
  _tag: "FileRead",
  file,
  bytesMax,
  position
})
export const fileWrite = (
  file: File,
  chunks: ReadonlyArray<Uint8Array>,
  position?: number
): FileWrite => ({ _tag: "FileWrite", file, chunks, position })
export const sync = (file: File, dataOnly = false): Sync => ({ _tag: "Sync", file, dataOnly })
export const sendTo = (socket: UdpSocket, datagram: OutgoingDatagram): SendTo => ({
  _tag: "SendTo",
  socket,
  datagram
})
