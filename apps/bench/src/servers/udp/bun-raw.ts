/** The echo server that a competent user writes on `Bun.udpSocket`. */
import { control } from "../Control.ts"

const socket = await Bun.udpSocket({
  hostname: "127.0.0.1",
  binaryType: "uint8array",
  socket: {
    data(socket, bytes, port, address) {
      try {
        socket.send(bytes, port, address)
      } catch {
        // A client that is gone, which Bun tells whoever sends next.
      }
    },
    error() {}
  }
})

control(socket.port)
