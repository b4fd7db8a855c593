/**
 * One short request on a handle, as typed data: what a `Proactor` is given.
 *
 * The type parameter is the `Completion` that answers it.
 */
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

export type Operation = Accept | Connect | Read | Write | Shutdown | ReceiveFrom | SendTo

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
export const sendTo = (socket: UdpSocket, datagram: OutgoingDatagram): SendTo => ({
  _tag: "SendTo",
  socket,
  datagram
})
