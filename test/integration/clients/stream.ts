/**
 * Sends and reads without end on many connections: `stream <host> <port> <connections>`. Says
 * `flowing` once every connection got bytes back. It is written to be killed.
 */
import { once } from "node:events"
import * as Net from "node:net"

const [host, port, connections] = process.argv.slice(2)
const chunk = Buffer.alloc(16 * 1024, "portico ")

const flow = async (): Promise<void> => {
  const socket = Net.connect(Number(port), host!)
  const send = () => {
    while (socket.write(chunk));
  }
  socket.on("connect", send).on("drain", send)
  await once(socket, "data")
  socket.on("data", () => {})
}

await Promise.all(Array.from({ length: Number(connections) }, flow))
console.log("flowing")
