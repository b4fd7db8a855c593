/** The options of TLS on either side, and what they come to. */
import * as Flag from "effect/cli/Flag"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Flags from "./Flags.ts"
import type * as Secure from "./Secure.ts"

export const flags = {
  tlsCert: Flag.FileText("tls-cert").pipe(
    Flag.withDescription("Clients speak TLS: the certificate to show them, with its chain (PEM)"),
    Flag.withMetavar("file"),
    Flag.optional
  ),
  tlsKey: Flags.secretFile("tls-key").pipe(
    Flag.withDescription("The key of that certificate, unencrypted (PEM)"),
    Flag.optional
  ),
  targetTls: Flag.Boolean("target-tls").pipe(
    Flag.withDescription("Speak TLS to targets"),
    Flag.withDefault(false)
  ),
  targetCa: Flag.FileText("target-ca").pipe(
    Flag.withDescription("Whose certificates targets may show (PEM; default: the system's)"),
    Flag.withMetavar("file"),
    Flag.optional
  ),
  targetName: Flag.String("target-name").pipe(
    Flag.withDescription("Whom their certificates must be for (default: the target's host)"),
    Flag.withMetavar("name"),
    Flag.optional
  )
}

export interface Config {
  readonly tlsCert: Option.Option<string>
  readonly tlsKey: Option.Option<Redacted.Redacted<string>>
  readonly targetTls: boolean
  readonly targetCa: Option.Option<string>
  readonly targetName: Option.Option<string>
}

/** What is missing beside the options that are there. */
export const problemOf = (config: Config): string | undefined => {
  const { tlsCert, tlsKey } = config
  if (Option.isSome(tlsCert) !== Option.isSome(tlsKey))
    return "--tls-cert and --tls-key need each other"
  if (config.targetTls) return undefined
  if (Option.isSome(config.targetCa)) return "--target-ca needs --target-tls"
  if (Option.isSome(config.targetName)) return "--target-name needs --target-tls"
  return undefined
}

/** The certificates of a bundle, one by one. */
const certificatesOf = (pem: string): ReadonlyArray<string> =>
  pem.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [pem]

export const secureOptions = (config: Config): Secure.Options => {
  const both = Option.all([config.tlsCert, config.tlsKey])
  return {
    listenTls: Option.getOrUndefined(
      Option.map(both, ([certificate, key]) => ({ certificate, key: Redacted.value(key) }))
    ),
    targetTls: config.targetTls
      ? {
          trust: Option.match(config.targetCa, { onNone: () => "system", onSome: certificatesOf }),
          serverName: Option.getOrUndefined(config.targetName)
        }
      : undefined
  }
}
