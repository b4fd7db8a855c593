/**
 * What a backend provides to open stream sockets, TCP and Unix. See `StreamPort` for the manner.
 */
import type { ListenerPort } from "./ListenerPort.ts"
import type { InetPortAddress, PortAddress } from "./PortAddress.ts"
import type { PortFailure } from "./PortFailure.ts"
import type { StreamPort } from "./StreamPort.ts"

export interface ConnectRequest {
  /** Its port is 1–65535. */
  readonly address: PortAddress
  /** Bind here first; port 0 lets the host choose. */
  readonly local: InetPortAddress | undefined
  readonly noDelay: boolean
}

/** Exactly one of the two is called, once, in a later callback, unless `cancel` came before. */
export interface ConnectEvents {
  onConnected(stream: StreamPort): void
  onFailed(failure: PortFailure): void
}

export interface ListenRequest {
  readonly address: PortAddress
  /** Connections the kernel may hold before accept; undefined is the host's default. */
  readonly backlog: number | undefined
  /** Connections the port may hold between the kernel and `tryAccept`. */
  readonly acceptQueueMax: number
  readonly reusePort: boolean
  /** For an IPv6 address: refuse IPv4-mapped peers. False is dual stack. */
  readonly ipv6Only: boolean
  /** TCP_NODELAY on accepted sockets. */
  readonly noDelay: boolean
  /** Permission bits of the socket file, in force before anyone can connect. */
  readonly mode: number | undefined
}

export interface ListenEvents {
  onListening(listener: ListenerPort): void
  onFailed(failure: PortFailure): void
}

/** An attempt under way. */
export interface Attempt {
  /** Frees the descriptor; neither event follows. A no-op once an event was raised. */
  cancel(): void
}

export interface TcpPort {
  /** Bytes that fit a Unix path or abstract name (Linux 107, macOS 103), in UTF-8. */
  readonly unixPathBytesMax: number
  connect(request: ConnectRequest, events: ConnectEvents): Attempt
  listen(request: ListenRequest, events: ListenEvents): Attempt
  /**
   * Removes a socket file that nothing listens on. Nothing to remove is success; what is not a
   * socket stays, and is `NotASocket`.
   */
  unlink(path: string): void | PortFailure
}
