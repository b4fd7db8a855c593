/** The echo server that a competent user writes on `node:tls`. */
import { type AddressInfo } from "node:net"
import { createServer } from "node:tls"
import { control } from "../Control.ts"
import { certificate, key } from "./Credentials.ts"

const server = createServer({ cert: certificate, key, noDelay: true }, (socket) => {
  socket.on("data", (chunk) => {
    if (!socket.write(chunk)) socket.pause()
  })
  socket.on("drain", () => socket.resume())
  // A reset by the peer: "close" follows, and nothing is left to do.
  socket.on("error", () => {})
})

server.listen(0, "127.0.0.1", () => control((server.address() as AddressInfo).port))
