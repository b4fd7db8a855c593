/** The service `Tls` over a backend's ports. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { IoError } from "../../IoError.ts"
import { Reason } from "../../Reason.ts"
import { Site } from "../../Site.ts"
import type { TcpStream } from "../../TcpStream.ts"
import type { Tls } from "../../Tls.ts"
import type { ClientOptions, HandshakeOptions, ServerOptions } from "../../TlsOptions.ts"
import * as Check from "../Check.ts"
import type { HandleTable } from "../HandleTable.ts"
import * as IpLiteral from "../IpLiteral.ts"
import { scoped } from "../scoped.ts"
import * as ServerNames from "./ServerNames.ts"
import {
  checkHandshake,
  checkServerName,
  checkSession,
  handshakeDefaults,
  nameOrAddress
} from "./TlsArguments.ts"
import { connectTls } from "./tlsConnect.ts"
import {
  ClientContextHandle,
  makeClientContext,
  makeServerContext,
  ServerContextHandle
} from "./TlsContexts.ts"
import type { TlsHandle } from "./TlsHandle.ts"
import { serveTls } from "./tlsServe.ts"
import { type Upgrade, upgrade } from "./upgrade.ts"

type Opening = Effect.Effect<TlsHandle, IoError>

export const makeTls = (table: HandleTable): Context.Service.Shape<typeof Tls> => {
  const { name, tls } = table.ports
  if (tls === undefined) return missing(name)
  let systemTrust: ClientContextHandle | undefined
  // The system's authorities are many: they are read once, when somebody asks for them.
  const defaultContext = Effect.suspend(() =>
    systemTrust === undefined
      ? Effect.tap(makeClientContext(tls, {}), (made) => Effect.sync(() => (systemTrust = made)))
      : Effect.succeed(systemTrust)
  )
  const asClient = (stream: TcpStream, options: ClientOptions, site: Site): Opening => {
    const refusal = checkClient(options)
    if (refusal !== undefined) return refusal
    const { context } = options
    const given = context instanceof ClientContextHandle ? Effect.succeed(context) : defaultContext
    return Effect.flatMap(given, (own) => upgrade(table, clientUpgrade(stream, options, own, site)))
  }
  const asServer = (stream: TcpStream, options: ServerOptions, site: Site): Opening =>
    checkServer("Tls.server", options) ?? upgrade(table, serverUpgrade(stream, options, site))
  const owned = (open: () => Opening) =>
    scoped(
      (restore) => restore(Effect.suspend(open)),
      (stream) => stream.close
    )
  return {
    clientContext: (options = {}) => makeClientContext(tls, options),
    serverContext: (options) => makeServerContext(tls, options),
    client: (stream, options, site = new Site()) => owned(() => asClient(stream, options, site)),
    server: (stream, options, site = new Site()) => owned(() => asServer(stream, options, site)),
    connect: (options, site = new Site()) =>
      connectTls(table, options, site, (stream, client) =>
        owned(() => asClient(stream, client, site))
      ),
    serve: (handler, options, site = new Site()) =>
      checkServer("Tls.serve", options) ??
      serveTls(table, options, site, handler, (stream) =>
        upgrade(table, serverUpgrade(stream, options, site))
      )
  }
}

const missing = (backend: string): Context.Service.Shape<typeof Tls> => {
  const refusal = (operation: string) => () => Check.unsupported(operation, "tls", backend)
  return {
    clientContext: refusal("Tls.clientContext"),
    serverContext: refusal("Tls.serverContext"),
    client: refusal("Tls.client"),
    server: refusal("Tls.server"),
    connect: refusal("Tls.connect"),
    serve: refusal("Tls.serve")
  }
}

const checkClient = (options: ClientOptions) => {
  const operation = "Tls.client"
  const { context } = options
  return (
    checkServerName(operation, options.serverName) ??
    (context === undefined || context instanceof ClientContextHandle
      ? undefined
      : Check.invalid(operation, "context", "made by Tls.clientContext", typeof context)) ??
    checkSession(operation, options.session) ??
    checkHandshake(operation, options)
  )
}

const checkServer = (operation: string, options: ServerOptions) =>
  options.context instanceof ServerContextHandle
    ? checkHandshake(operation, options)
    : Check.invalid(operation, "context", "made by Tls.serverContext", typeof options.context)

const common = (options: HandshakeOptions) => ({
  timeout: options.handshakeTimeout ?? handshakeDefaults.handshakeTimeout,
  closeGrace: options.closeGrace ?? handshakeDefaults.closeGrace
})

const requestOf = ({ alpn = [], closeNotify }: HandshakeOptions) => ({
  alpn,
  closeNotify: closeNotify ?? handshakeDefaults.closeNotify
})

const clientUpgrade = (
  stream: TcpStream,
  options: ClientOptions,
  { context }: ClientContextHandle,
  site: Site
): Upgrade => {
  const name = nameOrAddress(options.serverName)!
  const serverName = IpLiteral.parse(name) === undefined ? name : undefined
  const side = { _tag: "Client", context, serverName, session: options.session } as const
  return {
    operation: "Tls.client",
    stream,
    request: { ...requestOf(options), side },
    ...common(options),
    site,
    // Also of a resumed session: it may have been kept for another name.
    refuse: (secure) => nameMismatch(secure, options.serverName, name)
  }
}

const nameMismatch = (
  { peerCertificate }: TlsHandle,
  serverName: string,
  name: string
): Reason | undefined => {
  const names = peerCertificate._tag === "Some" ? peerCertificate.value.subjectAltName : []
  if (ServerNames.isCertifiedFor(names, name)) return undefined
  const values = names.map(({ value }) => value)
  return Reason.CertificateNameMismatch({ serverName, names: values })
}

const serverUpgrade = (stream: TcpStream, options: ServerOptions, site: Site): Upgrade => ({
  operation: "Tls.server",
  stream,
  // Read at each handshake, so that replaced credentials serve the next one.
  request: { ...requestOf(options), side: (options.context as ServerContextHandle).side },
  ...common(options),
  site,
  refuse: () => undefined
})
