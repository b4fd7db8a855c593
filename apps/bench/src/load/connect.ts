/** Connections of a load generator to the server under test, over loopback. */
import type { Socket, SocketHandler } from "bun"
import type { Exchange } from "./Exchange.ts"

let closing = false

/** Writes what the exchange still owes; the rest waits for `drain`. */
export const flush = (socket: Socket<Exchange>): void => {
  for (let bytes = socket.data.unwritten(); bytes !== undefined; bytes = socket.data.unwritten()) {
    const taken = socket.write(bytes)
    if (taken <= 0) return
    socket.data.wrote(taken)
  }
}

/**
 * Opens one connection per exchange, all at once: not more than a server's accept backlog holds
 * (511 on Node, 512 on Bun), else SYNs are dropped and sent again a second later. Losing a
 * connection before `closeAll` ends the process.
 */
export const connectAll = (
  port: number,
  exchanges: ReadonlyArray<Exchange>,
  data: (socket: Socket<Exchange>, chunk: Uint8Array) => void,
  isTls = false
): Promise<ReadonlyArray<Socket<Exchange>>> => {
  // The certificate is the contestants' own. A socket that shakes hands takes no bytes yet.
  const tls = isTls ? { tls: { rejectUnauthorized: false } } : {}
  const handler: SocketHandler<Exchange> = {
    data,
    drain: flush,
    close: (_socket, error) => {
      if (closing) return
      console.error(`The server closed a connection${error ? `: ${error.message}` : ""}`)
      process.exit(1)
    }
  }
  return Promise.all(
    exchanges.map((data) =>
      Bun.connect({ hostname: "127.0.0.1", port, data, socket: handler, ...tls })
    )
  )
}

/** Resets them: a FIN would leave each port in TIME_WAIT, and 10,000 a turn would use them up. */
export const closeAll = (sockets: ReadonlyArray<Socket<Exchange>>): void => {
  closing = true
  for (const socket of sockets) socket.terminate()
}
