/** Laws of TLS streams: what goes in comes out, and what is known of the other side. */
import { Tls } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { concat, randomBytes, randomChunks } from "../Bytes.ts"
import { inputOf } from "../Connections.ts"
import { equals, isTrue, sameBytes } from "../Expectation.ts"
import { handleCount } from "../HandleList.ts"
import { law, lawGroup } from "../Law.ts"
import { clientContext, securePair, serverContext, tls } from "../TlsPairs.ts"

export const TlsLaws = lawGroup("TLS", [
  law(
    "TLS-01",
    "random chunks written on one side are read on the other, both ways at once",
    function* () {
      const { client, server } = yield* securePair()
      const [up, down] = [yield* randomBytes(150_000), yield* randomBytes(200_000)]
      const send = (stream: typeof client, bytes: Uint8Array) =>
        Effect.gen(function* () {
          for (const chunk of yield* randomChunks(bytes, 20_000)) yield* stream.write(chunk)
          yield* stream.shutdown
        })
      const receive = (stream: typeof client) =>
        Effect.gen(function* () {
          const chunks: Array<Uint8Array> = []
          for (;;) {
            const chunk = yield* stream.read
            if (chunk.length === 0) return concat(chunks)
            chunks.push(chunk)
          }
        })
      const [, , atServer, atClient] = yield* Effect.all(
        [send(client, up), send(server, down), receive(server), receive(client)],
        { concurrency: 4 }
      )
      yield* sameBytes(atServer, up, "at the server")
      yield* sameBytes(atClient, down, "at the client")
    },
    tls
  ),

  law(
    "TLS-04",
    "after the handshake protocol, ALPN, SNI and the peer's certificate are known",
    function* () {
      const { client, server } = yield* securePair({
        client: { alpn: ["h3", "http/1.1"] },
        server: { alpn: ["h2", "http/1.1"] }
      })
      for (const side of [client, server]) {
        yield* equals(side.protocol, "TLSv1.3", "protocol")
        yield* equals(Option.getOrUndefined(side.applicationProtocol), "http/1.1", "ALPN")
        yield* equals(Option.getOrUndefined(side.serverName), "localhost", "SNI")
        yield* equals(side.isResumed, false, "isResumed")
      }
      yield* equals(Option.isNone(server.peerCertificate), true, "a client without a certificate")
      const certificate = Option.getOrUndefined(client.peerCertificate)
      yield* equals(certificate?.subject, "CN=localhost", "subject")
      yield* equals(certificate?.issuer, "O=Portico, CN=Test authority", "issuer")
      const names = certificate?.subjectAltName.map(({ kind, value }) => `${kind}:${value}`)
      yield* isTrue(names?.includes("dns:*.example.net") === true, `names: ${String(names)}`)
      yield* equals(certificate?.validTo.epochMilliseconds, 4_733_510_400_000, "validTo")
      yield* equals(certificate?.fingerprint256.length, 95, "fingerprint's length")
    },
    tls
  ),

  law(
    "TLS-20",
    "connect and serve are a connection and a handshake, listed as one handle",
    function* () {
      const before = yield* handleCount
      const server = yield* Tls.serve(
        (stream) => Effect.flatMap(stream.read, (bytes) => stream.write(bytes)),
        { port: 0, connectionsMax: 10, context: yield* serverContext() }
      )
      const stream = yield* Tls.connect({
        ...inputOf(server.address),
        context: yield* clientContext()
      })
      yield* stream.write(Uint8Array.of(1, 2, 3))
      yield* sameBytes(yield* stream.readExactly(3), Uint8Array.of(1, 2, 3), "echo")
      yield* equals(stream.kind, "TlsStream", "kind")
      yield* isTrue((yield* handleCount) <= before + 3, "listener, client, server")
      yield* equals((yield* server.handshakes).succeeded, 1, "handshakes")
    },
    tls
  )
])
