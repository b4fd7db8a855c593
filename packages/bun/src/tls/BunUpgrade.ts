/**
 * `upgradeTLS` as Bun's own `node:tls` calls it: for servers too, with bytes that were read before.
 * Its types know of clients only.
 *
 * It makes two sockets of one: a shadow, whose handlers hear of the records as they are, and the
 * secure one. Within one callback of the loop the shadow's `data` comes first, then what was in the
 * records. Both close together, and `close` comes to both.
 */
import type { Socket, SocketEvents } from "../tcp/BunStream.ts"
import { isTlsFailure } from "./BunTlsErrno.ts"

/** Who is told of a secure socket, once its handshake is over. */
export interface SecureEvents extends SocketEvents {
  /** The peer's ticket: Bun gives each one. */
  onSession(ticket: Uint8Array): void
  /** A record that is wrong, or the peer's alert. `onClose` follows. */
  onError(error: Error): void
  /** See `CloseNotifyWatch`. */
  onPassed(): void
}

/** Who is told before that. */
export interface HandshakeEvents extends SecureEvents {
  /** Comes inside `upgradeTLS`: only here a session can be offered. */
  onOpen(socket: SecureSocket): void
  /** The native context for this server name. */
  onServerName(name: string): object
  onHandshake(socket: SecureSocket, isOk: boolean, error: Error | null): void
}

export type SecureSocket = Bun.Socket<SecureEvents>

/** Who is told of the records. */
export interface Ciphertext extends SocketEvents {
  /** These came first, and were given to `upgradeTLS`. */
  skip(bytes: Uint8Array): void
}

export interface Upgrade {
  readonly isServer: boolean
  readonly data: HandshakeEvents
  readonly ciphertext: Ciphertext
  readonly tls: {
    /** What `tls.createSecureContext` made, without its wrapper. */
    readonly secureContext: object
    /** Empty sends no SNI; without the property Bun sends the address that it connected to. */
    readonly serverName?: string
    readonly requestCert: boolean
    readonly rejectUnauthorized: boolean
    /** As on the wire: each with its length before it (RFC 7301 §3.1). */
    readonly ALPNProtocols?: Uint8Array
  }
}

interface Upgradable {
  upgradeTLS(options: object): readonly [shadow: Socket, secure: SecureSocket]
}

// Bun tells `error` of two things: a TLS failure, and what a handler has thrown. The second is a
// defect, and without a handler of this name Bun would have told the process.
const onError = (socket: SecureSocket, error: Error) => {
  if (isTlsFailure(error)) socket.data.onError(error)
  else {
    queueMicrotask(() => {
      throw error
    })
  }
}

const inHandshake = (socket: SecureSocket) => socket.data as HandshakeEvents

const clientHandlers = {
  binaryType: "uint8array",
  open: (socket: SecureSocket) => inHandshake(socket).onOpen(socket),
  handshake: (socket: SecureSocket, isOk: boolean, error: Error | null) =>
    inHandshake(socket).onHandshake(socket, isOk, error),
  session: (socket: SecureSocket, ticket: Uint8Array) => socket.data.onSession(ticket),
  data: (socket: SecureSocket, chunk: Uint8Array) => socket.data.onData(chunk),
  drain: (socket: SecureSocket) => socket.data.onDrain(),
  end: (socket: SecureSocket) => socket.data.onEnd(),
  error: onError,
  close: (socket: SecureSocket, error: Error | undefined) => socket.data.onClose(error)
}

const serverHandlers = {
  ...clientHandlers,
  serverName: (handshake: HandshakeEvents, name: string) => handshake.onServerName(name)
}

/** Throws what Bun throws. `unread` may be empty. */
export const upgrade = (socket: Socket, request: Upgrade, unread: Uint8Array) => {
  const { ciphertext, data, isServer, tls } = request
  const [shadow, secure] = (socket as unknown as Upgradable).upgradeTLS({
    data,
    isServer,
    tls,
    socket: isServer ? serverHandlers : clientHandlers,
    ...(unread.length > 0 ? { initialData: unread } : {})
  })
  shadow.data = ciphertext
  ciphertext.skip(unread)
  return { shadow, secure }
}
