import { describe, expect, it } from "vitest"
import * as Messages from "../../src/tls/Messages.ts"
import { realHello } from "./RealHello.ts"
import { TestTls } from "./TestTls.ts"

describe("a ClientHello as OpenSSL sends it", () => {
  it("is read: whom it wants, and what it speaks", () => {
    const hello = Messages.decodeClientHello(realHello.subarray(9))
    expect(hello.serverName).toBe("example.org")
    expect(hello.alpn).toEqual(["h2", "http/1.1"])
    expect(hello.versions).toEqual([0x0304, 0x0303])
    expect([hello.random.length, hello.ticket]).toEqual([32, undefined])
  })

  it("is answered with a flight, by the context of its name", () => {
    const test = new TestTls()
    const { peer, stream } = test.silentPair()
    const asked: Array<string | undefined> = []
    const server = test.wrap(stream, {
      alpn: ["http/1.1"],
      side: {
        _tag: "Server",
        contextFor: (name) => {
          asked.push(name)
          return test.serverContext
        },
        clientCertificate: "none"
      }
    })
    peer.tryWrite(realHello)
    test.settle()
    expect([server.failure, asked]).toEqual([undefined, ["example.org"]])
    const reply = peer.tryRead(100_000, true) as Uint8Array
    expect(Array.from(reply.subarray(0, 3))).toEqual([22, 3, 3])
    expect(
      Messages.decodeServerHello(reply.subarray(9, 5 + ((reply[3]! << 8) | reply[4]!)))
    ).toEqual({
      random: expect.any(Uint8Array),
      version: 0x0304,
      isResumed: false
    })
  })

  // RFC 8446 §4.2.1: without the extension a client speaks 1.2 at most.
  it("without TLS 1.3 is refused", () => {
    const old = Messages.encodeClientHello({
      random: new Uint8Array(32),
      versions: [0x0303],
      serverName: undefined,
      alpn: [],
      ticket: undefined
    })
    const test = new TestTls()
    const { peer, stream } = test.silentPair()
    const side = {
      _tag: "Server",
      contextFor: () => test.serverContext,
      clientCertificate: "none"
    } as const
    const server = test.wrap(stream, { side })
    peer.tryWrite(Uint8Array.of(22, 3, 1, old.length >> 8, old.length & 0xff, ...old))
    test.settle()
    expect(server.failure?.reason).toMatchObject({
      _tag: "HandshakeFailed",
      code: "protocol_version"
    })
    expect(peer.tryRead(100, true)).toEqual(Uint8Array.of(21, 3, 3, 0, 2, 2, 70))
  })

  it("with another message in its record is refused", () => {
    const test = new TestTls()
    const { peer, stream } = test.silentPair()
    const side = {
      _tag: "Server",
      contextFor: () => test.serverContext,
      clientCertificate: "none"
    } as const
    const server = test.wrap(stream, { side })
    const both = Uint8Array.of(...realHello.subarray(5), 20, 0, 0, 0)
    peer.tryWrite(Uint8Array.of(22, 3, 1, both.length >> 8, both.length & 0xff, ...both))
    test.settle()
    expect(server.failure?.reason).toMatchObject({ code: "unexpected_message" })
  })
})
