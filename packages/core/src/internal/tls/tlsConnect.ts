/** `Tls.connect`: a connection, then a handshake on it as its client. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Address from "../../Address.ts"
import type { IoError } from "../../IoError.ts"
import type { Site } from "../../Site.ts"
import type { TcpStream } from "../../TcpStream.ts"
import type { ClientOptions, ConnectOptions } from "../../TlsOptions.ts"
import type { TlsStream } from "../../TlsStream.ts"
import { connect } from "../tcp/connect.ts"
import type { HandleTable } from "../HandleTable.ts"
import { defaults } from "../tcp/TcpArguments.ts"
import { checkHandshake, checkServerName, checkSession, nameOrAddress } from "./TlsArguments.ts"

type Opened = Effect.Effect<TlsStream, IoError, Scope.Scope>

export const connectTls = (
  table: HandleTable,
  options: ConnectOptions,
  site: Site,
  client: (stream: TcpStream, options: ClientOptions) => Opened
): Opened =>
  Effect.suspend(() => {
    const operation = "Tls.connect"
    const isUnix = Address.isUnixInput(options)
    const host = isUnix ? undefined : (options.host ?? defaults.host)
    const serverName = options.serverName ?? host!
    const refusal =
      checkServerName(operation, serverName) ??
      checkSession(operation, options.session) ??
      checkHandshake(operation, options)
    if (refusal !== undefined) return refusal
    // Resolvers are asked in ASCII.
    const ascii = isUnix ? options : { ...options, host: asciiOf(host!) }
    return Effect.flatMap(connect(table, ascii, site), (stream) =>
      client(stream, { ...options, serverName })
    )
  })

const asciiOf = (host: string): string => nameOrAddress(host) ?? host
