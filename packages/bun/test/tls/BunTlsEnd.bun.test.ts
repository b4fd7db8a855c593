import { spawn, spawnSync } from "node:child_process"
import * as NodeTls from "node:tls"
import { afterEach, expect, it } from "vitest"
import { reasonOf } from "../../../node/test/PortWorld.ts"
import { bytes } from "../../../node/test/tcp/WatchedTcp.ts"
import * as Certificates from "../../../testkit/src/Certificates.ts"
import { collect, echo, forward, type SecureSide, sendAll, TlsWorld } from "./WatchedTls.ts"

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0
const suffix = hasOpenssl ? "" : " (skipped: no openssl: apt install openssl)"

const world = new TlsWorld()
afterEach(() => world.closeAll())

const cutPair = async (closeNotify: "strict" | "compatible") => {
  const relayed = await world.relayed()
  const pair = await world.secure(relayed.client.port, relayed.server.port, { closeNotify })
  await echo(pair)
  return { ...pair, relayed }
}

const bytesOf = (chunks: ReadonlyArray<Uint8Array>) =>
  chunks.reduce((sum, { length }) => sum + length, 0)

/** What a client is told that gets `length` bytes, perhaps close_notify, and then a FIN. */
const overAfter = async (length: number, closes: boolean, isAtOnce: boolean, isShut: boolean) => {
  const { client, relayed, server } = await cutPair("strict")
  const held = isAtOnce ? collect(relayed.atServer) : []
  if (isShut) {
    client.port.shutdown()
    expect((await server.drain()).over).toBe("End")
    if (isAtOnce) held.length = 0
  }
  await sendAll(server, bytes(length))
  if (closes) server.port.shutdown()
  if (isAtOnce) {
    const expected = length + 22 + (closes ? 24 : 0)
    await relayed.atServer.until(() => bytesOf(held) >= expected)
    relayed.atClient.port.tryWrite(Buffer.concat(held))
  } else await client.until(() => client.port.readable)
  relayed.atClient.port.shutdown()
  const read = await client.drain()
  expect(read.bytes).toEqual(Buffer.from(bytes(length)))
  await world.closeAll()
  return read.over === "End" ? "End" : reasonOf(read.over)
}

// 2 bytes make a record that looks as close_notify does.
for (const length of [1, 2, 3, 20_000]) {
  it(`a FIN without close_notify is told from one with it, after ${length} bytes`, async () => {
    for (const isAtOnce of [false, true]) {
      for (const isShut of [false, true]) {
        expect(await overAfter(length, true, isAtOnce, isShut)).toBe("End")
        expect(await overAfter(length, false, isAtOnce, isShut)).toBe("MissingCloseNotify")
      }
    }
  })
}

it("close_notify that comes with the handshake's last flight, and a FIN, is an end", async () => {
  const { client, server } = await world.pair()
  const securing = world.wrap(server.port, world.serverSide())
  const secured = (await world.wrap(client.port, world.clientSide())) as SecureSide
  secured.port.shutdown()
  expect((await ((await securing) as SecureSide).drain()).over).toBe("End")
})

it("where it may, a FIN is an end like any other", async () => {
  const { client, relayed } = await cutPair("compatible")
  relayed.atClient.port.shutdown()
  expect((await client.drain()).over).toBe("End")
})

it("without close_notify after our own shutdown, too", async () => {
  const { client, relayed } = await cutPair("strict")
  client.port.shutdown()
  relayed.atClient.port.shutdown()
  expect(reasonOf((await client.drain()).over)).toBe("MissingCloseNotify")
})

it("of TLS 1.2 is told as well", async () => {
  for (const closes of [false, true]) {
    const relayed = await world.relayed()
    const securing = world.wrap(relayed.server.port, world.serverSide())
    const { promise, resolve } = Promise.withResolvers<void>()
    const listening = await world.listen()
    const address = listening.address as { readonly port: number }
    const socket = NodeTls.connect(
      {
        port: address.port,
        host: "127.0.0.1",
        ca: Certificates.authority,
        servername: "localhost",
        maxVersion: "TLSv1.2"
      },
      resolve
    )
    const accepted = await listening.accept()
    forward(accepted, relayed.client)
    forward(relayed.client, accepted)
    const server = (await securing) as SecureSide
    await promise
    expect(server.tls.protocol).toBe("TLSv1.2")
    socket.write("ab")
    await server.until(() => server.port.readable)
    if (closes) socket.end()
    else relayed.atServer.port.shutdown()
    if (closes) {
      await accepted.until(() => accepted.port.readable)
      relayed.client.port.shutdown()
      await relayed.atClient.until(() => relayed.atClient.port.readable)
      relayed.atServer.port.shutdown()
    }
    const { over } = await server.drain()
    expect(over === "End" ? "End" : reasonOf(over)).toBe(closes ? "End" : "MissingCloseNotify")
    socket.destroy()
  }
})

it.skipIf(!hasOpenssl)(`of a peer that pads its records is told as well${suffix}`, async () => {
  const listening = await world.listen()
  const { port } = listening.address as { readonly port: number }
  const padding = ["-quiet", "-no_ign_eof", "-record_padding", "512"]
  const child = spawn("openssl", ["s_client", "-connect", `127.0.0.1:${port}`, ...padding])
  const accepted = await listening.accept()
  const server = (await world.wrap(accepted.port, world.serverSide())) as SecureSide
  child.stdin.write("a\n")
  await server.until(() => server.port.readable)
  child.stdin.end("b\n")
  const read = await server.drain()
  expect(new TextDecoder().decode(read.bytes)).toBe("a\nb\n")
  expect(read.over).toBe("End")
})

it("leaves the other direction open", async () => {
  const { client, server } = await world.securePair()
  client.port.shutdown()
  expect((await server.drain()).over).toBe("End")
  const answer = bytes(3_000_000)
  const received = client.drain()
  await sendAll(server, answer)
  server.port.shutdown()
  const read = await received
  expect(read.over).toBe("End")
  expect(Buffer.compare(read.bytes, answer)).toBe(0)
})

it("what Bun keeps of a write leaves after the close, and close_notify with it", async () => {
  const { client, server } = await world.securePair()
  const sent = server.fill()
  server.port.close()
  const read = await client.drain()
  expect(read.bytes.length).toBe(sent)
  expect(read.over).toBe("End")
  await server.seen("closed")
})

it("what a peer never reads holds the descriptor for a while only", async () => {
  const brief = new TlsWorld(20)
  const { client, server } = await brief.securePair()
  server.fill()
  await server.close()
  expect(reasonOf((await client.drain()).over)).toBe("ConnectionReset")
  await brief.closeAll()
})

it("a peer's reset breaks both directions", async () => {
  const { client, server } = await world.securePair()
  await echo({ client, server })
  server.port.reset()
  expect(reasonOf((await client.drain()).over)).toBe("ConnectionReset")
  expect(reasonOf(client.port.tryWrite(bytes(1)))).toBe("ConnectionReset")
})

it("a record that was changed on its way breaks it", async () => {
  const { client, relayed } = await cutPair("strict")
  relayed.atClient.port.tryWrite(Uint8Array.of(23, 3, 3, 0, 20, ...bytes(20)))
  expect(reasonOf((await client.drain()).over)).toBe("Broken")
})
