/** The name server behind all contestants: an address for every name, good for an hour. */
import * as Dgram from "node:dgram"
import { createInterface } from "node:readline"
import * as Line from "../Line.ts"

const headerBytes = 12
/** The name that was asked for, A, IN, 3,600 s, 4 bytes: 192.0.2.1. */
const record = Buffer.from("c00c0001000100000e100004c0000201", "hex")

const socket = Dgram.createSocket("udp4")
socket.on("message", (query, from) => {
  let end = headerBytes
  while (query[end] !== 0) end += query[end]! + 1
  const answer = Buffer.concat([query.subarray(0, end + 5), record])
  answer[2] = 0x81
  answer[3] = 0x80
  answer.set([0, 1, 0, 1, 0, 0, 0, 0], 4)
  socket.send(answer, from.port, from.address)
})
socket.bind(0, "127.0.0.1", () =>
  process.stdout.write(Line.format("ready", `${socket.address().port}`))
)
createInterface({ input: process.stdin }).on("close", () => process.exit(0))
