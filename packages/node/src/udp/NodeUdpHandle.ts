/**
 * libuv's UDP handle, which `node:dgram` keeps under a symbol: undocumented.
 *
 * `dgram.Socket` tells how a send or a connect ended to a callback, a tick later; its handle
 * answers at once, as a port must. It also costs less: an echo of 64 bytes takes 0.8 to 0.9 of the
 * CPU that it takes through `dgram.Socket.send` (Node 26). And it binds again where `dgram.Socket`
 * refuses.
 */
import type * as Dgram from "node:dgram"

/** Statuses are libuv's: negative for an error. */
export interface UdpHandle {
  /** 1 + the bytes sent; 0 when libuv queued them, and calls `oncomplete` when it is done. */
  send: {
    (
      request: SendRequest,
      list: ReadonlyArray<Uint8Array>,
      count: number,
      port: number,
      host: string,
      hasCallback: boolean
    ): number
    (
      request: SendRequest,
      list: ReadonlyArray<Uint8Array>,
      count: number,
      hasCallback: boolean
    ): number
  }
  connect(host: string, port: number): number
  disconnect(): number
  bind(host: string, port: number, flags: number): number
}

/** Once libuv has queued a send, its request is spent. */
export interface SendRequest {
  /** Keeps the memory alive that libuv reads. */
  list?: ReadonlyArray<Uint8Array>
  oncomplete?: (status: number) => void
}

export type SendRequestClass = new () => SendRequest

/** The handle of a bound socket, or undefined on a Node that keeps it elsewhere. */
export const find = (socket: Dgram.Socket): UdpHandle | undefined => {
  for (const symbol of Object.getOwnPropertySymbols(socket)) {
    const state = Reflect.get(socket, symbol) as { readonly handle?: UdpHandle } | null | undefined
    if (typeof state?.handle?.send === "function") return state.handle
  }
  return undefined
}

/**
 * The class of the requests that `handle.send` takes: an object of another class would end the
 * process where libuv queues it. Seen by sending through `socket` once, to a `send` of ours.
 */
export const requestClass = (
  socket: Dgram.Socket,
  handle: UdpHandle
): SendRequestClass | undefined => {
  const { send } = handle
  let found: SendRequestClass | undefined
  handle.send = (request: SendRequest) => {
    found = request.constructor as SendRequestClass
    return 1
  }
  try {
    socket.send("", 1, "127.0.0.1")
  } finally {
    handle.send = send
  }
  return found
}
