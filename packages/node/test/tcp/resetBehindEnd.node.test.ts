import { once } from "node:events"
import * as Net from "node:net"
import { describe, expect, it } from "vitest"
import { resetBehindEnd } from "../../src/tcp/resetBehindEnd.ts"
import { reasonOf } from "../PortWorld.ts"

/** A socket whose peer has written seven bytes and left, and all that it heard of that. */
const left = async (leave: (peer: Net.Socket) => void) => {
  const server = Net.createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as Net.AddressInfo
  const accepted = once(server, "connection")
  const socket = new Net.Socket({ allowHalfOpen: true }).pause()
  await once(socket.connect(port, "127.0.0.1"), "connect")
  const [peer] = (await accepted) as [Net.Socket]
  peer.on("error", () => {})
  peer.write(new Uint8Array(7), () => leave(peer))
  await once(peer, "close")
  const heard: Array<string> = []
  socket.on("data", (chunk: Buffer) => heard.push(`${chunk.length} bytes`))
  socket.on("end", () => {
    const behind = resetBehindEnd(socket)
    heard.push(behind === undefined ? "an end" : reasonOf(behind))
    socket.destroy()
  })
  socket.on("error", (error: NodeJS.ErrnoException) => heard.push(error.code!))
  const closed = new Promise((resolve) => socket.on("close", resolve))
  socket.resume()
  await closed
  server.close()
  return heard
}

describe("what is behind an end", () => {
  it("is nothing, where the peer has ended", async () => {
    expect(await left((peer) => peer.destroy())).toStrictEqual(["7 bytes", "an end"])
  })

  it("is a reset, where Node does not tell it as one", async () => {
    const heard = await left((peer) => peer.resetAndDestroy())
    expect(["ConnectionReset", "ECONNRESET"]).toContain(heard[1])
    expect(heard).toHaveLength(2)
  })
})
