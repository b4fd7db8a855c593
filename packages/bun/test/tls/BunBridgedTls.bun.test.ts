import { afterEach, expect, it } from "vitest"
import { socketsOpen } from "../../../node/test/Descriptors.ts"
import { reasonOf } from "../../../node/test/PortWorld.ts"
import { bytes } from "../../../node/test/tcp/WatchedTcp.ts"
import { type SecureSide, sendAll, text, TlsWorld } from "./WatchedTls.ts"

const world = new TlsWorld()
afterEach(() => world.closeAll())

/** TLS inside TLS, and the streams that carry it, at each end. */
const nested = async (on = world) => {
  const outer = await on.securePair()
  const inner = await on.secure(outer.client.port, outer.server.port)
  return { ...inner, outer }
}

/** Writes until nothing moves any more: the bridge takes on what the pair has no room for. */
const fillUp = async (side: SecureSide): Promise<number> => {
  let sent = 0
  for (let quiet = 0; quiet < 3; quiet++) {
    const count = side.fill()
    sent += count
    if (count > 0) quiet = 0
    await world.loopTurned()
  }
  return sent
}

it("the end of one direction leaves the other open", async () => {
  const { client, server } = await nested()
  client.port.shutdown()
  expect((await server.drain()).over).toBe("End")
  const answer = bytes(1_000_000)
  const received = client.drain()
  await sendAll(server, answer)
  server.port.shutdown()
  const read = await received
  expect(read.over).toBe("End")
  expect(Buffer.compare(read.bytes, answer)).toBe(0)
})

it("a reader that stops stops the writer", async () => {
  const { client, server } = await nested()
  const sent = await fillUp(server)
  expect(sent).toBeLessThan(32 << 20)
  server.port.shutdown()
  const read = await client.drain()
  expect(read.bytes.length).toBe(sent)
  expect(read.over).toBe("End")
})

// With 21 messages in it, a pair of 208 KiB has no room for the 24 bytes of close_notify.
it.for(["shutdown", "close"] as const)(
  "close_notify arrives however full the pair is at the %s",
  async (end) => {
    for (let messages = 18; messages <= 24; messages++) {
      const { client, server } = await nested()
      let sent = 0
      for (let count = 0; count < messages; count++) {
        sent += Number(server.port.tryWrite(bytes(9_000)))
      }
      server.port[end]()
      const read = await client.drain()
      expect([read.bytes.length, read.over]).toEqual([sent, "End"])
    }
  }
)

it("what was written before the close arrives, with close_notify", async () => {
  const { client, server } = await nested()
  await sendAll(server, bytes(300_000))
  server.port.close()
  const read = await client.drain()
  expect(read.bytes.length).toBe(300_000)
  expect(read.over).toBe("End")
  await server.seen("closed")
})

it("an end of the transport is no end of the stream", async () => {
  const { client, outer } = await nested()
  outer.server.port.shutdown()
  expect(reasonOf((await client.drain()).over)).toBe("MissingCloseNotify")
})

it("a reset passes through, and is told to reader and writer", async () => {
  const { client, server } = await nested()
  server.port.reset()
  expect(reasonOf((await client.drain()).over)).toBe("ConnectionReset")
  await client.until(() => !client.port.writable)
  expect(reasonOf(client.port.tryWrite(bytes(1)))).toBe("ConnectionReset")
})

it("a handshake fails for the reasons that it has elsewhere", async () => {
  const failing = async (act: (peer: SecureSide) => void) => {
    const { client, server } = await world.securePair()
    const outcome = world.wrap(server.port, world.serverSide())
    act(client)
    return reasonOf(await outcome)
  }
  expect(await failing((peer) => peer.port.tryWrite(text("HELO example.org\r\n")))).toBe("NotTls")
  expect(await failing((peer) => peer.port.shutdown())).toBe("HandshakeEnded")
  expect(await failing((peer) => peer.port.reset())).toBe("ConnectionReset")
})

it("an alert reaches the peer before the handshake has failed", async () => {
  const { client, server } = await world.securePair()
  const reasons = await Promise.all([
    world.wrap(client.port, world.clientSide(), { alpn: ["a"] }).then(reasonOf),
    world.wrap(server.port, world.serverSide(), { alpn: ["b"] }).then(reasonOf)
  ])
  expect(reasons).toEqual(["NoApplicationProtocol", "NoApplicationProtocol"])
})

it("cancelled, failed and closed ones leave no descriptor behind", async () => {
  const before = socketsOpen()
  const { client, server } = await world.securePair()
  const request = { unread: bytes(0), alpn: [], closeNotify: "strict" } as const
  const cancelled = world.tls.wrap(
    { ...request, transport: client.port, side: world.clientSide() },
    { onSecure: () => expect.unreachable(), onFailed: () => expect.unreachable() }
  )
  await server.until(() => server.port.readable)
  cancelled.cancel()
  client.port.attach(client)
  expect(reasonOf(await world.wrap(server.port, world.clientSide()))).toBe("HandshakeFailed")
  await nested()
  await world.closeAll()
  await world.loopTurned()
  expect(socketsOpen()).toBe(before)
})

it("what a peer never reads holds the descriptors for a while only", async () => {
  const before = socketsOpen()
  const brief = new TlsWorld(20)
  const { client, server } = await nested(brief)
  await fillUp(server)
  await server.close()
  expect((await client.drain()).over).not.toBe("End")
  await brief.closeAll()
  await brief.loopTurned()
  expect(socketsOpen()).toBe(before)
})
