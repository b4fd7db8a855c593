/**
 * A client that shares no code with what it tests: `node:net` alone.
 */
import { once } from "node:events"
import * as Net from "node:net"

export const connect = async (address: Net.NetConnectOpts): Promise<Net.Socket> => {
  const socket = Net.connect(address)
  await once(socket, "connect")
  return socket
}

/** The next `length` bytes. Fails when the stream ends or breaks first. */
export const receive = (socket: Net.Socket, length: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    let held = 0
    const chunks: Array<Buffer> = []
    const finish = (settle: () => void) => {
      socket.off("data", onData).off("close", onClose).off("error", onClose)
      settle()
    }
    const onClose = (error: unknown) =>
      finish(() => reject(new Error(`Received ${held} of ${length} bytes`, { cause: error })))
    const onData = (chunk: Buffer) => {
      chunks.push(chunk)
      held += chunk.length
      if (held >= length) finish(() => resolve(Buffer.concat(chunks)))
    }
    socket.on("data", onData).on("close", onClose).on("error", onClose)
  })

/** Sends `text` and gives what came back of the same length. */
export const exchange = async (socket: Net.Socket, text: string): Promise<string> => {
  const bytes = Buffer.from(text)
  socket.write(bytes)
  return (await receive(socket, bytes.length)).toString()
}

/** One connection, one message, one orderly end. */
export const roundTrip = async (address: Net.NetConnectOpts, text: string): Promise<string> => {
  const socket = await connect(address)
  const answer = await exchange(socket, text)
  socket.end()
  await once(socket, "close")
  return answer
}
