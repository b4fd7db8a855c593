/** Laws of who is who: certificates, names, ALPN, sessions, and contexts that change. */
import { type IoError, type Reason, Tls } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Result from "effect/Result"
import * as Certificates from "../Certificates.ts"
import { connectedPair } from "../Connections.ts"
import { equals, fails, isTrue, rejects } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import {
  clientContext,
  exchange,
  refusedPair,
  secured,
  securePair,
  serverContext,
  tls
} from "../TlsPairs.ts"

/** Failed, and why. */
const isRefused = (
  reasons: ReadonlyArray<Reason.Reason["_tag"]>,
  result: Result.Result<unknown, IoError.IoError>
) =>
  result._tag === "Failure" && reasons.includes(result.failure.reason._tag)
    ? Effect.void
    : fails(
        `Expected ${reasons.join(" or ")}, got ${
          result._tag === "Failure" ? result.failure.message : "a stream"
        }`
      )

/** A server with these credentials is refused by a client that trusts the laws' authority. */
const isUntrusted = (
  credentials: typeof Certificates.server,
  reason: Reason.Reason["_tag"],
  serverName = "localhost"
) =>
  Effect.gen(function* () {
    const context = yield* serverContext({ credentials })
    const [client] = yield* refusedPair({ server: { context }, client: { serverName } })
    yield* isRefused([reason], client)
  })

const asks = { clientCertificate: "require", trust: [Certificates.authority] } as const

const isFor = (serverName: string) =>
  Effect.gen(function* () {
    const pair = yield* securePair({ client: { serverName } })
    return Option.getOrUndefined(pair.server.serverName)
  })

export const TlsTrustLaws = lawGroup("TLS: trust", [
  law(
    "TLS-21",
    "a certificate that nobody trusted has signed is CertificateUntrusted",
    function* () {
      yield* isUntrusted(Certificates.selfSigned, "CertificateUntrusted")
    },
    tls
  ),

  law(
    "TLS-22",
    "a certificate out of its time is CertificateExpired or CertificateNotYetValid",
    function* () {
      yield* isUntrusted(Certificates.expired, "CertificateExpired")
      yield* isUntrusted(Certificates.notYetValid, "CertificateNotYetValid")
    },
    tls
  ),

  law(
    "TLS-03",
    "a certificate must be for the name or address that was asked for, Unicode names as IDNA",
    function* () {
      yield* isUntrusted(Certificates.otherName, "CertificateNameMismatch")
      yield* isUntrusted(Certificates.server, "CertificateNameMismatch", "example.net")
      yield* isUntrusted(Certificates.server, "CertificateNameMismatch", "a.b.example.net")
      yield* isUntrusted(Certificates.server, "CertificateNameMismatch", "127.0.0.2")
      yield* equals(yield* isFor("Example.ORG"), "example.org", "SNI")
      yield* equals(yield* isFor("any.example.net"), "any.example.net", "SNI")
      yield* equals(yield* isFor("bücher.example"), "xn--bcher-kva.example", "SNI")
      yield* equals(yield* isFor("BÜCHER.example"), "xn--bcher-kva.example", "SNI")
      yield* equals(yield* isFor("127.0.0.1"), undefined, "SNI of an address")
      yield* equals(yield* isFor("::1"), undefined, "SNI of an address")
    },
    tls
  ),

  law(
    "TLS-05",
    "a client without the certificate that is required fails as CertificateRequired, both sides",
    function* () {
      const plain = yield* connectedPair()
      const theirs = yield* serverContext(asks)
      const ours = yield* clientContext()
      const [client, server] = yield* Effect.all(
        [
          // TLS 1.3: the client is done before the server refuses, and is told by its first read.
          Effect.result(
            Effect.flatMap(
              Tls.client(plain.client, { serverName: "localhost", context: ours }),
              (stream) => stream.read
            )
          ),
          Effect.result(Tls.server(plain.server, { context: theirs }))
        ],
        { concurrency: 2 }
      )
      yield* isRefused(["CertificateRequired"], server)
      yield* isRefused(["CertificateRequired"], client)
    },
    tls
  ),

  law(
    "TLS-23",
    "a client's certificate is shown to a server that asks, and may be left out where it may",
    function* () {
      const request = yield* serverContext({ ...asks, clientCertificate: "request" })
      const ours = yield* clientContext({ credentials: Certificates.client })
      for (const context of [yield* serverContext(asks), request]) {
        const { server } = yield* securePair({ server: { context }, client: { context: ours } })
        const shown = Option.getOrUndefined(server.peerCertificate)
        yield* equals(shown?.subject, "CN=client", "subject")
      }
      const { server } = yield* securePair({ server: { context: request } })
      yield* isTrue(Option.isNone(server.peerCertificate), "None was shown")
    },
    tls
  ),

  law(
    "TLS-24",
    "a client's certificate that the server does not trust ends the handshake there",
    function* () {
      for (const clientCertificate of ["require", "request"] as const) {
        const theirs = yield* serverContext({ ...asks, clientCertificate })
        const context = yield* clientContext({ credentials: Certificates.selfSigned })
        const [, server] = yield* refusedPair({ server: { context: theirs }, client: { context } })
        yield* isRefused(["CertificateUntrusted"], server)
      }
    },
    tls
  ),

  law(
    "TLS-25",
    "without a common application protocol both sides fail as NoApplicationProtocol",
    function* () {
      const [client, server] = yield* refusedPair({
        client: { alpn: ["h2"] },
        server: { alpn: ["http/1.1"] }
      })
      yield* isRefused(["NoApplicationProtocol"], client)
      yield* isRefused(["NoApplicationProtocol"], server)
      const { client: without } = yield* securePair({ client: { alpn: ["h2"] } })
      yield* isTrue(Option.isNone(without.applicationProtocol), "The server names none")
    },
    tls
  ),

  law(
    "TLS-26",
    "a server name gets its credentials, a pattern those of one label more, others the default",
    function* () {
      const context = yield* serverContext({
        names: {
          "other.example": Certificates.otherName,
          "*.test.example": Certificates.selfSigned
        }
      })
      const shown = (serverName: string) =>
        Effect.map(
          Effect.result(securePair({ server: { context }, client: { serverName } })),
          (r) => (r._tag === "Success" ? "accepted" : r.failure.reason._tag)
        )
      yield* equals(yield* shown("other.example"), "accepted", "its own")
      yield* equals(yield* shown("one.test.example"), "CertificateUntrusted", "the pattern's")
      yield* equals(yield* shown("localhost"), "accepted", "the default")
      yield* equals(yield* shown("127.0.0.1"), "accepted", "without a name, the default")
    },
    tls
  ),

  law(
    "TLS-27",
    "a context replaced serves new handshakes; connections that are there live on",
    function* () {
      const context = yield* serverContext()
      const before = yield* securePair({ server: { context } })
      yield* context.replace({ credentials: Certificates.otherName })
      const after = { server: { context }, client: { serverName: "other.example" } }
      yield* exchange(yield* securePair(after))
      yield* exchange(before)
      const broken = { certificate: "no certificate", key: Certificates.server.key }
      yield* rejects("credentials.certificate", context.replace({ credentials: broken }))
      yield* exchange(yield* securePair(after))
    },
    tls
  ),

  law(
    "TLS-28",
    "a session is resumed by who has its ticket, and not once the context was replaced",
    function* () {
      const context = yield* serverContext()
      const first = yield* securePair({ server: { context } })
      yield* exchange(first)
      const session = Option.getOrUndefined(yield* first.client.session)
      if (session === undefined) return yield* fails("The server sent no ticket")
      const again = { server: { context }, client: { session } }
      const second = yield* secured(yield* connectedPair(), again)
      yield* equals(second.client.isResumed, true, "client: isResumed")
      yield* equals(second.server.isResumed, true, "server: isResumed")
      const certificate = Option.getOrUndefined(second.client.peerCertificate)
      yield* equals(certificate?.subject, "CN=localhost", "the certificate of the session")
      yield* exchange(second)
      yield* context.replace({ credentials: Certificates.server })
      const third = yield* secured(yield* connectedPair(), again)
      yield* equals(third.server.isResumed, false, "after the replacement: isResumed")
    },
    tls
  ),

  law(
    "TLS-29",
    "a session does not carry a name over: the certificate is asked again",
    function* () {
      const context = yield* serverContext()
      const first = yield* securePair({ server: { context } })
      yield* exchange(first)
      const session = Option.getOrUndefined(yield* first.client.session)
      const [client] = yield* refusedPair({
        server: { context },
        client: { session, serverName: "elsewhere.example" }
      })
      yield* isRefused(["CertificateNameMismatch"], client)
    },
    tls
  ),

  law(
    "TLS-30",
    "texts that are not PEM, and a key of another certificate, are InvalidArgument",
    function* () {
      const { certificate, key } = Certificates.server
      const read = (credentials: typeof Certificates.server) => Tls.serverContext({ credentials })
      yield* rejects("credentials.certificate", read({ certificate: "none", key }))
      yield* rejects("credentials.key", read({ certificate, key: "none" }))
      yield* rejects("credentials.key", read({ certificate, key: Certificates.client.key }))
      yield* rejects("trust", Tls.clientContext({ trust: ["none"] }))
      const names = { "a.example": { certificate, key: "none" } }
      yield* rejects("names.a.example.key", serverContext({ names }))
    },
    tls
  )
])
