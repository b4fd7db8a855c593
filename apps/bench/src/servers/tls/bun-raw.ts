/** The echo server that a competent user writes on `Bun.listen` with TLS. */
import { control } from "../Control.ts"
import { certificate, key } from "./Credentials.ts"

interface Connection {
  /** What the host has not taken yet. While there is some, reading is paused. */
  rest: Uint8Array | undefined
}

const server = Bun.listen<Connection>({
  hostname: "127.0.0.1",
  port: 0,
  tls: { cert: certificate, key },
  socket: {
    open(socket) {
      socket.data = { rest: undefined }
    },
    data(socket, chunk) {
      const taken = socket.write(chunk)
      if (taken === chunk.length || taken < 0) return
      socket.data.rest = chunk.subarray(taken)
      socket.pause()
    },
    drain(socket) {
      const rest = socket.data.rest
      if (rest === undefined) return
      const taken = socket.write(rest)
      if (taken < 0) return
      if (taken < rest.length) {
        socket.data.rest = rest.subarray(taken)
      } else {
        socket.data.rest = undefined
        socket.resume()
      }
    }
  }
})

control(server.port)
