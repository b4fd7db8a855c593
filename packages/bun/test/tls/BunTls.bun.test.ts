import { afterEach, describe, expect, it } from "vitest"
import type { TlsClientSide } from "@portico/core/port/index"
import { BunBridgedTls } from "@portico/bun/tls/BunBridgedTls"
import { BunCarriedTls } from "@portico/bun/tls/BunCarriedTls"
import { BunTlsStream } from "@portico/bun/tls/BunTlsStream"
import { reasonOf } from "../../../node/test/PortWorld.ts"
import { bytes, type Side } from "../../../node/test/tcp/WatchedTcp.ts"
import * as Certificates from "../../../testkit/src/Certificates.ts"
import { collect, echo, forward, type SecureSide, text, TlsWorld } from "./WatchedTls.ts"

const world = new TlsWorld()
afterEach(() => world.closeAll())

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

  it("goes over any other stream by a socket pair, such as one that is TLS already", async () => {
    const outer = await world.securePair()
    const inner = await world.secure(outer.client.port, outer.server.port)
    expect(inner.client.port).toBeInstanceOf(BunBridgedTls)
    await echo(inner)
  })

  describe("without socket pairs goes by node:tls", () => {
    const bare = new TlsWorld(undefined, "darwin")
    afterEach(() => bare.closeAll())
    const nested = async () => {
      const outer = await bare.securePair()
      return bare.secure(outer.client.port, outer.server.port)
    }

    it("and carries bytes", async () => {
      const inner = await nested()
      expect(inner.client.port).toBeInstanceOf(BunCarriedTls)
      await echo(inner)
    })

    it("but has no half-close: the peer's end is that of writing, too", async () => {
      const { client, server } = await nested()
      client.port.shutdown()
      expect((await server.drain()).over).toBe("End")
      expect(reasonOf(server.port.tryWrite(bytes(1)))).toBe("Broken")
    })
  })

  it("takes bytes that were read before, and those that the transport holds", async () => {
    const { atClient, atServer, client, server } = await world.relayed()
    const hello = collect(atClient)
    const securing = world.wrap(client.port, world.clientSide())
    await atClient.until(() => hello.length > 0)
    atServer.port.tryWrite(hello[0]!.subarray(0, 100))
    await server.until(() => server.port.readable)
    const unread = server.port.tryRead(10, true) as Uint8Array
    expect(server.port.bytesUnread).toBe(90)
    const serving = world.wrap(server.port, world.serverSide(), { unread })
    atServer.port.tryWrite(hello[0]!.subarray(100))
    forward(atClient, atServer)
    const pair = { client: (await securing) as SecureSide, server: (await serving) as SecureSide }
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
