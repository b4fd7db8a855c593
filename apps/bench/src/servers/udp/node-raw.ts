/** The echo server that a competent user writes on `node:dgram`. */
import { createSocket } from "node:dgram"
import { control } from "../Control.ts"

const socket = createSocket("udp4")

socket.on("message", (bytes, { address, port }) => socket.send(bytes, port, address))
// Nothing is connected, so nothing comes here but what ends the server.
socket.on("error", (error) => {
  throw error
})
socket.bind(0, "127.0.0.1", () => control(socket.address().port))
