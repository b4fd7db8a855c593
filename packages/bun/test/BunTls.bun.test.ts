import { afterEach, describe, expect, it } from "vitest"
import type { TlsClientSide } from "@portico/core/port/index"
import { BunCarriedTls } from "@portico/bun/BunCarriedTls"
import { BunTlsStream } from "@portico/bun/BunTlsStream"
import { spawn, spawnSync } from "node:child_process"
import * as NodeTls from "node:tls"
import { reasonOf } from "../../node/test/PortWorld.ts"
import { bytes, type Side } from "../../node/test/WatchedTcp.ts"
import * as Certificates from "../../testkit/src/Certificates.ts"
import { collect, forward, type SecureSide, TlsWorld } from "./WatchedTls.ts"

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0
const suffix = hasOpenssl ? "" : " (skipped: no openssl: apt install openssl)"

const world = new TlsWorld()
afterEach(() => world.closeAll())

const text = (value: string): Uint8Array => new TextEncoder().encode(value)

const sendAll = async (side: Side, data: Uint8Array): Promise<void> => {
  for (let sent = 0; sent < data.length;) {
    sent += side.port.tryWrite(data.subarray(sent)) as number
    if (sent < data.length) await side.until(() => side.port.writable)
  }
}

const echo = async ({ client, server }: { client: SecureSide; server: SecureSide }) => {
  client.port.tryWrite(text("ping"))
  await server.until(() => server.port.readable)
  expect(server.port.tryRead(100, true)).toEqual(text("ping"))
  server.port.tryWrite(text("pong!"))
  await client.until(() => client.port.readable)
  expect(client.port.tryRead(100, true)).toEqual(text("pong!"))
}

describe("a handshake on Bun's own sockets", () => {
  it("upgrades them in place, over TCP and Unix", async () => {
    for (const address of [undefined, world.freshAbstract()]) {
      const { client, server } = await world.pair(address)
      const [local, peer] = [client.port.localAddress, client.port.peerAddress]
      const pair = await world.secure(client.port, server.port)
      expect(pair.client.port).toBeInstanceOf(BunTlsStream)
      expect(pair.client.port.localAddress).toEqual(local)
      expect(pair.client.port.peerAddress).toEqual(peer)
      expect(pair.client.tls.peerCertificate?.subject).toBe("CN=localhost")
      await echo(pair)
    }
  })

  it("goes over any other stream by node:tls, such as one that is TLS already", async () => {
    const outer = await world.securePair()
    const inner = await world.secure(outer.client.port, outer.server.port)
    expect(inner.client.port).toBeInstanceOf(BunCarriedTls)
    await echo(inner)
  })

  it("has no half-close there: the peer's end is that of writing, too", async () => {
    const outer = await world.securePair()
    const { client, server } = await world.secure(outer.client.port, outer.server.port)
    client.port.shutdown()
    expect((await server.drain()).over).toBe("End")
    expect(reasonOf(server.port.tryWrite(bytes(1)))).toBe("Broken")
  })

  it("takes bytes that were read before, and those that the transport holds", async () => {
    const { client, server } = await world.pair()
    const securing = world.wrap(client.port, world.clientSide())
    await server.until(() => server.port.readable)
    const unread = server.port.tryRead(10, true) as Uint8Array
    expect(server.port.bytesUnread).toBeGreaterThan(100)
    const secured = await world.wrap(server.port, world.serverSide(), { unread })
    const pair = { client: (await securing) as SecureSide, server: secured as SecureSide }
    await echo(pair)
    pair.client.port.shutdown()
    expect((await pair.server.drain()).over).toBe("End")
  })

  it("sends no SNI without a name, though Bun would send the address", async () => {
    const { client, server } = await world.pair()
    const [, served] = await Promise.all([
      world.wrap(client.port, world.clientSide({ serverName: undefined })),
      world.wrap(server.port, world.serverSide())
    ])
    expect((served as SecureSide).tls.serverName).toBeUndefined()
  })

  it("lets a server choose by SNI, and leaves the name to core", async () => {
    const { client, server } = await world.pair()
    const asked: Array<string | undefined> = []
    const side = world.serverSide("none", Certificates.otherName)
    const contextFor = (name: string | undefined) => {
      asked.push(name)
      return name === undefined ? world.serverSide().contextFor(name) : side.contextFor(name)
    }
    const [secured] = await Promise.all([
      world.wrap(client.port, world.clientSide()),
      world.wrap(server.port, { ...side, contextFor })
    ])
    expect(asked).toEqual([undefined, "localhost"])
    const names = (secured as SecureSide).tls.peerCertificate?.subjectAltName
    expect(names?.map(({ value }) => value)).not.toContain("localhost")
  })

  it("resumes a session, and ignores one that is none", async () => {
    const serving = world.serverSide()
    const once = async (session: Uint8Array | undefined) => {
      const { client, server } = await world.pair()
      const [one, other] = await Promise.all([
        world.wrap(client.port, world.clientSide({ session })),
        world.wrap(server.port, serving)
      ])
      const pair = { client: one as SecureSide, server: other as SecureSide }
      await echo(pair)
      return pair
    }
    const first = await once(undefined)
    expect(first.client.tls.isResumed).toBe(false)
    const second = await once(first.client.tls.session)
    expect([second.client.tls.isResumed, second.server.tls.isResumed]).toEqual([true, true])
    expect(second.client.tls.peerCertificate?.subject).toBe("CN=localhost")
    expect((await once(bytes(100))).client.tls.isResumed).toBe(false)
  })

  it("is cancelled: no event, and the descriptor is free after the close", async () => {
    const { client, server } = await world.pair()
    const attempt = world.tls.wrap(
      {
        transport: client.port,
        unread: bytes(0),
        side: world.clientSide(),
        alpn: [],
        closeNotify: "strict"
      },
      { onSecure: () => expect.unreachable(), onFailed: () => expect.unreachable() }
    )
    await server.until(() => server.port.readable)
    attempt.cancel()
    client.port.attach(client)
    await client.close()
    expect((await server.drain()).over).toBe("End")
  })
})

describe("a handshake that fails", () => {
  const bothFail = async (clientSide: TlsClientSide, server = world.serverSide()) => {
    const pair = await world.pair()
    return Promise.all([
      world.wrap(pair.client.port, clientSide).then(reasonOf),
      world.wrap(pair.server.port, server).then(reasonOf)
    ])
  }

  it("names what is wrong with a server's certificate", async () => {
    for (const [credentials, reason] of [
      [Certificates.expired, "CertificateExpired"],
      [Certificates.notYetValid, "CertificateNotYetValid"],
      [Certificates.selfSigned, "CertificateUntrusted"]
    ] as const) {
      const [client] = await bothFail(world.clientSide(), world.serverSide("none", credentials))
      expect(client).toBe(reason)
    }
  })

  it("names what is wrong with a client's", async () => {
    const showing = (credentials: typeof Certificates.client | undefined) =>
      world.clientSide({ context: world.context({ side: "client", credentials }) })
    const reasons = async (
      credentials: typeof Certificates.client | undefined,
      asks: "request" | "require"
    ) => (await bothFail(showing(credentials), world.serverSide(asks)))[1]
    expect(await reasons(undefined, "require")).toBe("CertificateRequired")
    expect(await reasons(Certificates.selfSigned, "require")).toBe("CertificateUntrusted")
    expect(await reasons(Certificates.selfSigned, "request")).toBe("CertificateUntrusted")
    expect(await reasons(undefined, "request")).toMatch(/^not a failure/)
    expect(await reasons(Certificates.client, "require")).toMatch(/^not a failure/)
  })

  it("says that the peer does not speak TLS, ends, or resets", async () => {
    const cases: ReadonlyArray<readonly [(peer: Side) => void, string]> = [
      [(peer) => peer.port.tryWrite(text("GET / HTTP/1.1\r\n\r\n")), "NotTls"],
      [(peer) => peer.port.tryWrite(text("220 mail.example.org ESMTP\r\n")), "NotTls"],
      [(peer) => peer.port.shutdown(), "HandshakeEnded"],
      [(peer) => peer.port.close(), "HandshakeEnded"],
      [(peer) => peer.port.reset(), "ConnectionReset"]
    ]
    for (const [act, reason] of cases) {
      const { client, server } = await world.pair()
      const failing = world.wrap(server.port, world.serverSide())
      act(client)
      expect(reasonOf(await failing)).toBe(reason)
    }
    for (const [act, reason] of cases) {
      const { client, server } = await world.pair()
      const failing = world.wrap(client.port, world.clientSide())
      await server.until(() => server.port.readable)
      act(server)
      expect(reasonOf(await failing)).toBe(reason)
    }
  })

  it("has ended already, or was reset, when the transport had", async () => {
    const { client, server } = await world.pair()
    client.port.shutdown()
    await server.until(() => server.port.readable)
    expect(reasonOf(await world.wrap(server.port, world.serverSide()))).toBe("HandshakeEnded")
  })

  it("finds no protocol in common", async () => {
    const { client, server } = await world.pair()
    const reasons = await Promise.all([
      world.wrap(client.port, world.clientSide(), { alpn: ["a"] }).then(reasonOf),
      world.wrap(server.port, world.serverSide(), { alpn: ["b"] }).then(reasonOf)
    ])
    expect(reasons).toEqual(["NoApplicationProtocol", "NoApplicationProtocol"])
  })
})

describe("the end of a stream", () => {
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
})

describe("flow", () => {
  it("a reader that stops stops the writer, and one chunk is held", async () => {
    const { client, server } = await world.securePair()
    const sent = server.fill()
    await client.until(() => client.port.readable)
    await world.loopTurned()
    expect(client.port.bytesUnread).toBeLessThanOrEqual(512 * 1024)
    expect(sent).toBeLessThan(32 << 20)
    expect(server.port.writable).toBe(false)
    server.port.shutdown()
    const read = await client.drain()
    expect(read.bytes.length).toBe(sent)
    expect(read.over).toBe("End")
  })

  it("a message that looks like close_notify is only a message", async () => {
    const { client, server } = await world.securePair()
    for (let round = 0; round < 20; round++) {
      client.port.tryWrite(bytes(2))
      await server.until(() => server.port.readable)
      expect(server.port.tryRead(10, true)).toEqual(bytes(2))
    }
  })
})
