/** TLS: what both sides learn of each other, why they refuse, and how streams end. */
import type { TlsContext, TlsStream } from "@portico/core"
import * as Certificates from "@portico/testkit/Certificates"
import { connectedPair } from "@portico/testkit/Connections"
import {
  clientContext,
  handshakes,
  type PairOptions,
  securePair,
  serverContext
} from "@portico/testkit/TlsPairs"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type Program, type Say, tell } from "./Program.ts"
import { scriptProgram } from "./StreamScript.ts"

// No client closes while its peer reads: a ticket that it has not read would make that a reset.
const scripts = [
  "c write 5, s exactly 5",
  "c write 70000, c shutdown, s all",
  "c writeAll 3, s exactly 6",
  "c write 0, c shutdown, s all",
  "c shutdown, s read, s read",
  "c shutdown, s read, s write 4, c exactly 4",
  "c shutdown, c write 1",
  "c shutdown, s shutdown, c all, s all",
  "s write 5, s close, c all",
  "c write 5, c shutdown, s exactly 6, s exactly 5, s read",
  "c close, c read",
  "c close, c write 1",
  "c line 3, c line 4, s until, s until",
  "&s exactly 5, c write 2, c shutdown",
  "&s read, s close"
]

const ends = Effect.map(securePair(), ({ client, server }) => ({ c: client, s: server }))
const streams = scripts.map((script) => scriptProgram("tls", script, ends))

const known = (stream: TlsStream.TlsStream): string => {
  const { applicationProtocol, isResumed, peerCertificate, protocol, serverName } = stream
  const words = [applicationProtocol, serverName].map(Option.getOrElse(() => "none"))
  const peer = Option.match(peerCertificate, {
    onNone: () => "nobody",
    onSome: ({ issuer, subject }) => `${subject} of ${issuer}`
  })
  return [protocol, ...words, isResumed ? "resumed" : "new", peer].join(", ")
}

/** Both handshakes, and what each side tells of its own. */
const shaking = (say: Say, options: PairOptions) =>
  Effect.gen(function* () {
    const both = yield* handshakes(yield* connectedPair(), options)
    const said: Array<string> = []
    const side = (name: "client" | "server") => {
      const sayOwn = (line: string) => void (said[name === "client" ? 0 : 1] = line)
      return tell(sayOwn, name, both[name], known)
    }
    yield* Effect.all([side("client"), side("server")], { concurrency: 2 })
    said.forEach(say)
  })

interface Sides {
  readonly client?: Omit<NonNullable<PairOptions["client"]>, "context">
  readonly server?: Omit<NonNullable<PairOptions["server"]>, "context">
  readonly ours?: TlsContext.ClientContextOptions
  readonly theirs?: Partial<TlsContext.ServerContextOptions>
}

const handshake = (name: string, { client, ours, server, theirs }: Sides): Program => ({
  name: `tls: ${name}`,
  run: (say) =>
    Effect.gen(function* () {
      yield* shaking(say, {
        client: { ...client, context: yield* clientContext(ours) },
        server: { ...server, context: yield* serverContext(theirs) }
      })
    })
})

const known1_2 = { minVersion: "TLSv1.2" } as const
const asks = { clientCertificate: "request", trust: [Certificates.authority] } as const

const shakes: ReadonlyArray<Program> = [
  handshake("nothing is asked for", {}),
  handshake("both may speak the older version", { ours: known1_2, theirs: known1_2 }),
  handshake("a protocol is chosen", {
    client: { alpn: ["h3", "http/1.1"] },
    server: { alpn: ["h2", "http/1.1"] }
  }),
  handshake("the server names no protocol", { client: { alpn: ["h2"] } }),
  handshake("no protocol is common", { client: { alpn: ["h2"] }, server: { alpn: ["http/1.1"] } }),
  handshake("a name in Unicode", { client: { serverName: "bücher.example" } }),
  handshake("an address has no server name", { client: { serverName: "127.0.0.1" } }),
  handshake("a client that shows who it is", {
    ours: { credentials: Certificates.client },
    theirs: asks
  }),
  handshake("a client that does not", { theirs: asks })
]

/** Of the client alone: how much of its refusal a server hears of depends on its host. */
const refused = (name: string, credentials: TlsContext.Credentials, serverName = "localhost") => ({
  name: `tls: ${name}`,
  run: (say: Say) =>
    Effect.gen(function* () {
      const context = yield* serverContext({ credentials })
      const plain = yield* connectedPair()
      const both = yield* handshakes(plain, { server: { context }, client: { serverName } })
      const client = tell(say, "client", both.client)
      yield* Effect.all([client, Effect.exit(both.server)], { concurrency: 2 })
    })
})

const refusals: ReadonlyArray<Program> = [
  refused("signed by itself", Certificates.selfSigned),
  refused("expired", Certificates.expired),
  refused("not yet valid", Certificates.notYetValid),
  refused("of another name", Certificates.otherName),
  refused("a pattern stands for one label", Certificates.server, "a.b.example.net"),
  refused("another address", Certificates.server, "127.0.0.2")
]

const text = (line: string) => new TextEncoder().encode(line)

const strangers: ReadonlyArray<Program> = [
  {
    name: "tls: a server that speaks in plain",
    run: (say) =>
      Effect.gen(function* () {
        const plain = yield* connectedPair()
        yield* plain.server.write(text("220 mail.example ESMTP\r\n"))
        yield* tell(say, "client", (yield* handshakes(plain)).client)
      })
  },
  {
    name: "tls: a client that speaks in plain",
    run: (say) =>
      Effect.gen(function* () {
        const plain = yield* connectedPair()
        yield* plain.client.write(text("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        yield* tell(say, "server", (yield* handshakes(plain)).server)
      })
  },
  {
    name: "tls: a client that goes away",
    run: (say) =>
      Effect.gen(function* () {
        const plain = yield* connectedPair()
        yield* plain.client.shutdown
        yield* tell(say, "server", (yield* handshakes(plain)).server)
      })
  }
]

export const tls: ReadonlyArray<Program> = [...streams, ...shakes, ...refusals, ...strangers]
