/** Contexts as users hold them: PEM texts that the port has read. */
import * as Effect from "effect/Effect"
import { IoError } from "../../IoError.ts"
import { PortFailure } from "../../port/PortFailure.ts"
import type { TlsContext, TlsContextRequest, TlsPort } from "../../port/TlsPort.ts"
import { Reason } from "../../Reason.ts"
import type {
  ClientContext,
  ClientContextOptions,
  Credentials,
  ServerContext,
  ServerContextOptions
} from "../../TlsContext.ts"
import * as Idna from "../names/Idna.ts"
import * as ServerNames from "./ServerNames.ts"
import { checkClientContext, checkServerContext } from "./TlsArguments.ts"

export class ClientContextHandle implements ClientContext {
  readonly _tag = "ClientContext"
  readonly context: TlsContext

  constructor(context: TlsContext) {
    this.context = context
  }
}

interface ServerState {
  readonly context: TlsContext
  readonly names: ReadonlyMap<string, TlsContext>
  readonly clientCertificate: "none" | "request" | "require"
}

export class ServerContextHandle implements ServerContext {
  readonly _tag = "ServerContext"
  private readonly port: TlsPort
  private state: ServerState

  constructor(port: TlsPort, state: ServerState) {
    this.port = port
    this.state = state
  }

  /** For one handshake: what is in force when it begins. */
  get side() {
    const { clientCertificate, context, names } = this.state
    const contextFor = (name: string | undefined): TlsContext =>
      (name === undefined ? undefined : ServerNames.lookUp(names, name)) ?? context
    return { _tag: "Server", contextFor, clientCertificate } as const
  }

  replace(options: ServerContextOptions): Effect.Effect<void, IoError> {
    return Effect.map(readServer(this.port, "ServerContext.replace", options), (state) => {
      this.state = state
    })
  }
}

export const makeClientContext = (
  port: TlsPort,
  options: ClientContextOptions
): Effect.Effect<ClientContextHandle, IoError> =>
  Effect.suspend(() => {
    const operation = "Tls.clientContext"
    const refusal = checkClientContext(operation, options)
    if (refusal !== undefined) return refusal
    const { credentials, minVersion = "TLSv1.2", trust = "system" } = options
    const request: TlsContextRequest = { side: "client", credentials, trust, minVersion }
    const made = read(port, operation, "credentials", request)
    return Effect.map(made, (context) => new ClientContextHandle(context))
  })

export const makeServerContext = (
  port: TlsPort,
  options: ServerContextOptions
): Effect.Effect<ServerContextHandle, IoError> =>
  Effect.map(
    readServer(port, "Tls.serverContext", options),
    (state) => new ServerContextHandle(port, state)
  )

const readServer = (
  port: TlsPort,
  operation: string,
  options: ServerContextOptions
): Effect.Effect<ServerState, IoError> =>
  Effect.gen(function* () {
    const refusal = checkServerContext(operation, options)
    if (refusal !== undefined) return yield* refusal
    const { clientCertificate = "none", minVersion = "TLSv1.2", trust = [] } = options
    const one = (where: string, credentials: Credentials) =>
      read(port, operation, where, { side: "server", credentials, trust, minVersion })
    const context = yield* one("credentials", options.credentials)
    const names = new Map<string, TlsContext>()
    for (const [name, credentials] of Object.entries(options.names ?? {})) {
      names.set(Idna.toAscii(name)!, yield* one(`names.${name}`, credentials))
    }
    return { context, names, clientCertificate }
  })

const read = (
  port: TlsPort,
  operation: string,
  where: string,
  request: TlsContextRequest
): Effect.Effect<TlsContext, IoError> =>
  Effect.suspend(() => {
    const made = port.makeContext(request)
    if (!(made instanceof PortFailure)) return Effect.succeed(made)
    const { cause, reason } = made
    const isOwn = reason._tag === "InvalidArgument" && reason.argument !== "trust"
    const named = isOwn
      ? Reason.InvalidArgument({ ...reason, argument: `${where}.${reason.argument}` })
      : reason
    return Effect.fail(new IoError({ operation, reason: named, cause }))
  })
