/**
 * Opens connections, sends one message on each, checks its echo, and holds them all open:
 * `hold <host> <port> <connections>`. Says `held <verified>`; a line on its standard input lets
 * half of them go with FIN and half with RST, and it says `closed`.
 */
import { once } from "node:events"
import * as Net from "node:net"

const [host, port, connections] = process.argv.slice(2)
const openingMax = 200
const sockets: Array<Net.Socket> = []
let verified = 0

const open = async (index: number): Promise<void> => {
  const socket = Net.connect(Number(port), host!)
  sockets.push(socket)
  await once(socket, "connect")
  const sent = `connection ${index}`
  socket.write(sent)
  let answer = ""
  while (answer.length < sent.length) {
    const [chunk] = (await once(socket, "data")) as [Buffer]
    answer += chunk.toString()
  }
  if (answer !== sent) throw new Error(`Sent "${sent}", received "${answer}"`)
  verified += 1
}

let next = 0
const opener = async (): Promise<void> => {
  while (next < Number(connections)) await open(next++)
}
await Promise.all(Array.from({ length: openingMax }, opener))
console.log(`held ${verified}`)

await once(process.stdin, "data")
await Promise.all(
  sockets.map(async (socket, index) => {
    const closed = once(socket, "close")
    if (index % 2 === 0) socket.end()
    else socket.resetAndDestroy()
    await closed
  })
)
console.log("closed")
process.stdin.destroy()
