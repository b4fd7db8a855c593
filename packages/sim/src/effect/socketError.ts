/** Core's failures as those of Effect's sockets, as platform-node has them. */
import type { IoError } from "@portico/core/IoError"
import * as Socket from "effect/socket/Socket"
import * as SocketServer from "effect/socket/SocketServer"

/** The host's own word, such as `ECONNREFUSED`, which is what programs on Node look at. */
export const hostCause = (error: IoError): unknown => {
  const { cause } = error
  if (!(cause instanceof AggregateError)) return cause ?? error
  const [only, ...others] = cause.errors as Array<IoError>
  return only !== undefined && others.length === 0 ? hostCause(only) : cause
}

export const openError = (error: IoError): Socket.SocketError =>
  new Socket.SocketError({
    reason: new Socket.SocketOpenError({ kind: "Unknown", cause: hostCause(error) })
  })

export const openTimeout = (): Socket.SocketError =>
  new Socket.SocketError({
    reason: new Socket.SocketOpenError({
      kind: "Timeout",
      cause: new Error("Connection timed out")
    })
  })

export const readError = (cause: unknown): Socket.SocketError =>
  new Socket.SocketError({ reason: new Socket.SocketReadError({ cause }) })

export const writeError = (error: IoError): Socket.SocketError =>
  new Socket.SocketError({ reason: new Socket.SocketWriteError({ cause: hostCause(error) }) })

/** 1000 is an end in order, 1006 one without the peer's word. */
export const closeError = (code: 1000 | 1006): Socket.SocketError =>
  new Socket.SocketError({ reason: new Socket.SocketCloseError({ code }) })

export const listenError = (error: IoError): SocketServer.SocketServerError =>
  new SocketServer.SocketServerError({
    reason: new SocketServer.SocketServerOpenError({ cause: hostCause(error) })
  })

export const acceptError = (error: IoError): SocketServer.SocketServerError =>
  new SocketServer.SocketServerError({
    reason: new SocketServer.SocketServerUnknownError({ cause: hostCause(error) })
  })
