/** How an operation ended well; how it ended badly is an `IoError`. */
import type * as Operation from "./Operation.ts"
import type { TcpStream } from "./TcpStream.ts"
import type { Datagram } from "./UdpSocket.ts"

export interface Accepted {
  readonly _tag: "Accepted"
  readonly stream: TcpStream
}
export interface Connected {
  readonly _tag: "Connected"
  readonly stream: TcpStream
}
/** Yours to keep; empty at the end of the stream. */
export interface BytesRead {
  readonly _tag: "BytesRead"
  readonly bytes: Uint8Array
}
export interface BytesWritten {
  readonly _tag: "BytesWritten"
  readonly byteCount: number
}
export interface WasShutDown {
  readonly _tag: "WasShutDown"
}
export interface DatagramReceived {
  readonly _tag: "DatagramReceived"
  readonly datagram: Datagram
}
/** The host took it. */
export interface DatagramSent {
  readonly _tag: "DatagramSent"
  readonly byteCount: number
}

/** What is durable now is what was written before it was submitted. */
export interface Synced {
  readonly _tag: "Synced"
}

export type Completion =
  | Accepted
  | Connected
  | BytesRead
  | BytesWritten
  | WasShutDown
  | DatagramReceived
  | DatagramSent
  | Synced

/** The completion that answers an operation. */
export type Of<O extends Operation.Operation> = O extends Operation.Accept
  ? Accepted
  : O extends Operation.Connect
    ? Connected
    : O extends Operation.Read
      ? BytesRead
      : O extends Operation.Write
        ? BytesWritten
        : O extends Operation.ReceiveFrom
          ? DatagramReceived
          : O extends Operation.SendTo
            ? DatagramSent
            : O extends Operation.FileRead
              ? BytesRead
              : O extends Operation.FileWrite
                ? BytesWritten
                : O extends Operation.Sync
                  ? Synced
                  : WasShutDown
