/** The echo server that a competent user writes on `node:net`. */
import { type AddressInfo, createServer } from "node:net"
import { control } from "./Control.ts"

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("data", (chunk) => {
    if (!socket.write(chunk)) socket.pause()
  })
  socket.on("drain", () => socket.resume())
  // A reset by the peer: "close" follows, and nothing is left to do.
  socket.on("error", () => {})
})

server.listen(0, "127.0.0.1", () => control((server.address() as AddressInfo).port))
