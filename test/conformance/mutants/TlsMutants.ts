/** TLS that trusts too much, forgets, or ends in a wrong way. */
import {
  PortFailure,
  type TlsClientSide,
  type TlsContext,
  type TlsPort,
  type TlsServerSide,
  type TlsStreamPort,
  type TlsWrapEvents,
  type TlsWrapRequest
} from "@portico/core/port"
import { Reason } from "@portico/core"
import * as Certificates from "@portico/testkit/Certificates"
import { type Mutant, overriding } from "./Mutant.ts"

const tlsMutant = (
  name: string,
  caughtBy: string,
  changes: (tls: TlsPort) => Partial<TlsPort>
): Mutant => ({
  name,
  caughtBy,
  change: (ports) => ({ ...ports, tls: overriding(ports.tls!, changes(ports.tls!)) })
})

/** A mutant that asks for something else than core does. */
const requestMutant = (
  name: string,
  caughtBy: string,
  change: (request: TlsWrapRequest) => Partial<TlsWrapRequest>
): Mutant =>
  tlsMutant(name, caughtBy, (tls) => ({
    wrap: (request, events) => tls.wrap({ ...request, ...change(request) }, events)
  }))

const clientMutant = (name: string, caughtBy: string, change: Partial<TlsClientSide>): Mutant =>
  requestMutant(name, caughtBy, ({ side }) =>
    side._tag === "Client" ? { side: { ...side, ...change } } : {}
  )

const serverMutant = (
  name: string,
  caughtBy: string,
  change: (side: TlsServerSide) => Partial<TlsServerSide>
): Mutant =>
  requestMutant(name, caughtBy, ({ side }) =>
    side._tag === "Server" ? { side: { ...side, ...change(side) } } : {}
  )

/** A mutant whose TLS streams differ in what `changes` says. */
const secureMutant = (
  name: string,
  caughtBy: string,
  changes: (stream: TlsStreamPort, request: TlsWrapRequest) => Partial<TlsStreamPort>
): Mutant =>
  tlsMutant(name, caughtBy, (tls) => ({
    wrap: (request, events) =>
      tls.wrap(
        request,
        overriding<TlsWrapEvents>(events, {
          onSecure: (stream) => events.onSecure(overriding(stream, changes(stream, request)))
        })
      )
  }))

/** A mutant that gives another reason for what it says is `of`. */
const reasonMutant = (name: string, caughtBy: string, of: Reason.Reason["_tag"]): Mutant =>
  tlsMutant(name, caughtBy, (tls) => ({
    wrap: (request, events) =>
      tls.wrap(
        request,
        overriding(events, {
          onFailed: (failure) =>
            events.onFailed(failure.reason._tag === of ? new PortFailure(anyReason) : failure)
        })
      )
  }))

const anyReason = Reason.Reason.HandshakeFailed({ code: "any" })

const contextMutants: ReadonlyArray<Mutant> = [
  tlsMutant("trusts who is not trusted", "TLS-21", (tls) => ({
    makeContext: (request) => {
      const trust = Array.from(request.trust === "system" ? [] : request.trust)
      return tls.makeContext({ ...request, trust: [...trust, Certificates.selfSigned.certificate] })
    }
  })),
  ...(["certificate", "key", "trust"] as const).map((argument) =>
    tlsMutant(`takes any text for its ${argument}`, "TLS-30", (tls) => ({
      makeContext: (request) => {
        const made = tls.makeContext(request)
        const isRefused = made instanceof PortFailure && made.reason._tag === "InvalidArgument"
        if (!isRefused || made.reason.argument !== argument) return made
        return tls.makeContext({ ...request, credentials: Certificates.server, trust: [] })
      }
    }))
  ),
  tlsMutant("serves a context that was replaced", "TLS-27", (tls) => {
    let first: TlsContext | undefined
    return {
      wrap: (request, events) => {
        const { side } = request
        if (side._tag === "Client") return tls.wrap(request, events)
        const context = (first ??= side.contextFor(undefined))
        return tls.wrap({ ...request, side: { ...side, contextFor: () => context } }, events)
      }
    }
  }),
  serverMutant("has the same credentials for every name", "TLS-26", ({ contextFor }) => ({
    contextFor: () => contextFor(undefined)
  })),
  serverMutant("asks no client for a certificate", "TLS-05", () => ({ clientCertificate: "none" })),
  serverMutant("lets a certificate be missing that is required", "TLS-05", () => ({
    clientCertificate: "request"
  })),
  serverMutant("requires a certificate where it asks for one", "TLS-23", () => ({
    clientCertificate: "require"
  }))
]

const handshakeMutants: ReadonlyArray<Mutant> = [
  clientMutant("keeps to itself whom it wants", "TLS-04", { serverName: undefined }),
  clientMutant("forgets sessions", "TLS-28", { session: undefined }),
  requestMutant("knows no application protocols", "TLS-04", () => ({ alpn: [] })),
  requestMutant("goes on without a common application protocol", "TLS-25", ({ alpn, side }) => ({
    alpn: side._tag === "Server" ? [] : alpn
  })),
  requestMutant("loses what was read before", "TLS-33", () => ({ unread: new Uint8Array(0) })),
  reasonMutant("does not tell plain text from bad TLS", "TLS-32", "NotTls"),
  reasonMutant("does not tell an end from bad TLS", "TLS-07", "HandshakeEnded"),
  reasonMutant("does not tell time from trust", "TLS-22", "CertificateExpired"),
  reasonMutant("tells nobody that a certificate is missing", "TLS-05", "CertificateRequired"),
  tlsMutant("leaves a failed handshake without a word", "TLS-25", (tls) => ({
    wrap: (request, events) => tls.wrap(request, overriding(events, { onFailed: () => {} }))
  }))
]

const streamMutants: ReadonlyArray<Mutant> = [
  requestMutant("takes any FIN for the end", "TLS-08", () => ({ closeNotify: "compatible" })),
  requestMutant("wants close_notify where nobody does", "TLS-08", () => ({
    closeNotify: "strict"
  })),
  secureMutant("shuts down without close_notify", "TLS-41", (_, { transport }) => ({
    shutdown: () => transport.shutdown()
  })),
  secureMutant("closes without close_notify", "TLS-09", (_, { transport }) => ({
    close: () => transport.close()
  })),
  secureMutant("loses what waits within it when it closes", "TLS-50", () => ({ lent: false })),
  secureMutant("says close_notify and no FIN when it closes", "TLS-49", (stream) => ({
    close: () => stream.shutdown()
  })),
  secureMutant("ends the peer where it should reset it", "TLS-46", (stream) => ({
    reset: () => stream.close()
  })),
  secureMutant("keeps the peer's certificate to itself", "TLS-04", () => ({
    peerCertificate: undefined
  })),
  secureMutant("gives tickets to nobody", "TLS-28", () => ({ session: undefined })),
  secureMutant("does not know that it resumed", "TLS-28", () => ({ isResumed: false })),
  secureMutant("always thinks that it resumed", "TLS-04", () => ({ isResumed: true })),
  secureMutant("takes itself for an older version", "TLS-04", () => ({ protocol: "TLSv1.2" })),
  secureMutant("never says that there is something to read", "TLS-01", (stream) => ({
    attach: (events) => stream.attach(overriding(events, { onReadable: () => {} }))
  })),
  secureMutant("never says that there is room again", "TLS-42", (stream) => ({
    attach: (events) => stream.attach(overriding(events, { onWritable: () => {} }))
  })),
  secureMutant("never says that it is closed", "TLS-49", (stream) => ({
    attach: (events) => stream.attach(overriding(events, { onClosed: () => {} }))
  })),
  secureMutant("takes what it is given and says that it did not", "TLS-01", (stream) => ({
    tryWrite: (bytes) => {
      const taken = stream.tryWrite(bytes)
      return typeof taken === "number" ? taken - (taken > 5_000 ? 1 : 0) : taken
    }
  })),
  secureMutant("reuses memory that is the reader's to keep", "TLS-43", (stream) => {
    const memory = new Uint8Array(16_384)
    return {
      tryRead: (bytesMax, keep) => {
        const outcome = stream.tryRead(Math.min(bytesMax, memory.length), keep)
        if (!(outcome instanceof Uint8Array)) return outcome
        memory.set(outcome)
        return memory.subarray(0, outcome.length)
      }
    }
  })
]

export const tlsMutants: ReadonlyArray<Mutant> = [
  ...contextMutants,
  ...handshakeMutants,
  ...streamMutants
]
