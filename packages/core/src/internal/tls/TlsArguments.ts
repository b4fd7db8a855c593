/** The options of `Tls` against their bounds. */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { IoError } from "../../IoError.ts"
import type {
  ClientContextOptions,
  Credentials,
  ServerContextOptions,
  Trust
} from "../../TlsContext.ts"
import type { HandshakeOptions } from "../../TlsOptions.ts"
import * as Check from "../Check.ts"
import * as Idna from "../names/Idna.ts"
import * as IpLiteral from "../IpLiteral.ts"

type Refusal = Effect.Effect<never, IoError> | undefined

export const handshakeDefaults = {
  handshakeTimeout: "10 seconds",
  closeNotify: "strict",
  closeGrace: "1 second"
} as const

const tenMinutesMillis = 10 * 60 * 1000
const namesMax = 1_000
const authoritiesMax = 1_000
const protocolsMax = 32
const sessionBytesMax = 64 * 1024

const firstOf = <A>(values: ReadonlyArray<A>, check: (value: A, index: number) => Refusal) => {
  for (const [index, value] of values.entries()) {
    const refusal = check(value, index)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

const checkLimit = (operation: string, argument: string, value: Duration.Input | undefined) =>
  value === undefined ? undefined : Check.duration(operation, argument, value, tenMinutesMillis)

const oneOf = (
  operation: string,
  argument: string,
  value: string | undefined,
  choices: ReadonlyArray<string>
): Refusal =>
  value === undefined || choices.includes(value)
    ? undefined
    : Check.invalid(operation, argument, `one of ${choices.join(", ")}`, value)

/** What ALPN takes: a byte counts the bytes of a protocol's name. */
const checkProtocols = (operation: string, alpn: ReadonlyArray<string> = []): Refusal =>
  Check.integer(operation, "alpn.length", alpn.length, 0, protocolsMax) ??
  firstOf(alpn, (protocol, index) =>
    /^[\x21-\x7e]{1,255}$/.test(protocol)
      ? undefined
      : Check.invalid(operation, `alpn[${index}]`, "1 to 255 visible ASCII characters", protocol)
  )

export const checkHandshake = (operation: string, options: HandshakeOptions): Refusal =>
  checkLimit(operation, "handshakeTimeout", options.handshakeTimeout) ??
  checkLimit(operation, "closeGrace", options.closeGrace) ??
  oneOf(operation, "closeNotify", options.closeNotify, ["strict", "compatible"]) ??
  checkProtocols(operation, options.alpn)

const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/

/** The name in ASCII or the address, as certificates are asked for it; undefined for neither. */
export const nameOrAddress = (serverName: string): string | undefined => {
  const address = IpLiteral.parse(serverName)
  return address?.host ?? domain(serverName)
}

const domain = (name: string): string | undefined => {
  const ascii = Idna.toAscii(name.endsWith(".") ? name.slice(0, -1) : name)
  return ascii?.split(".").every((part) => label.test(part)) === true ? ascii : undefined
}

export const checkServerName = (operation: string, serverName: unknown): Refusal =>
  typeof serverName === "string" && nameOrAddress(serverName) !== undefined
    ? undefined
    : Check.invalid(operation, "serverName", "a host name or an IP literal", serverName)

export const checkSession = (operation: string, session: Uint8Array | undefined): Refusal =>
  session === undefined
    ? undefined
    : Check.integer(operation, "session.length", session.length, 1, sessionBytesMax)

const checkTrust = (operation: string, trust: Trust | undefined): Refusal =>
  trust === undefined || trust === "system"
    ? undefined
    : Check.integer(operation, "trust.length", trust.length, 1, authoritiesMax)

const versions = ["TLSv1.2", "TLSv1.3"]

export const checkClientContext = (operation: string, options: ClientContextOptions): Refusal =>
  checkTrust(operation, options.trust) ??
  oneOf(operation, "minVersion", options.minVersion, versions)

const checkNames = (
  operation: string,
  names: Readonly<Record<string, Credentials>> = {}
): Refusal => {
  const keys = Object.keys(names)
  return (
    Check.integer(operation, "names.length", keys.length, 0, namesMax) ??
    firstOf(keys, (name) =>
      domain(name.startsWith("*.") ? name.slice(2) : name) === undefined
        ? Check.invalid(operation, "names", "host names, or `*.` and one", name)
        : undefined
    )
  )
}

export const checkServerContext = (operation: string, options: ServerContextOptions): Refusal => {
  const { clientCertificate = "none", minVersion, names, trust } = options
  const isAsking = clientCertificate !== "none"
  return (
    oneOf(operation, "clientCertificate", clientCertificate, ["none", "request", "require"]) ??
    (isAsking && trust === undefined
      ? Check.invalid(
          operation,
          "trust",
          "given where clients are asked to prove themselves",
          trust
        )
      : undefined) ??
    checkTrust(operation, trust) ??
    checkNames(operation, names) ??
    oneOf(operation, "minVersion", minVersion, versions)
  )
}
