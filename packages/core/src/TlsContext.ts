/**
 * What the connections of one side share: credentials, trust, the lowest version. Made once, by
 * `Tls.clientContext` and `Tls.serverContext`, which read every PEM text.
 */
import type * as Effect from "effect/Effect"
import type { IoError } from "./IoError.ts"
import type { TlsVersion } from "./port/TlsPort.ts"

export interface Credentials {
  /** PEM: one's own certificate, then those up to, but without, the authority's. */
  readonly certificate: string
  /** PEM, unencrypted: the key of the first certificate. */
  readonly key: string
}

/** The system's authorities, or certificates of authorities in PEM, 1 to 1,000. */
export type Trust = "system" | ReadonlyArray<string>

export interface ClientContextOptions {
  /** Whose certificates are accepted from servers. Default `system`. */
  readonly trust?: Trust | undefined
  /** For servers that ask for a client's certificate. Default: none is shown. */
  readonly credentials?: Credentials | undefined
  /** Default `TLSv1.2`. */
  readonly minVersion?: TlsVersion | undefined
}

export interface ServerContextOptions {
  /** For clients that send no server name, or one that `names` does not have. */
  readonly credentials: Credentials
  /**
   * By server name (SNI), at most 1,000: `example.org`, or `*.example.org` for names with one label
   * more. Names may be in Unicode. A full name goes before a pattern.
   */
  readonly names?: Readonly<Record<string, Credentials>> | undefined
  /**
   * Whether clients are asked for a certificate. With `request` they may have none; one that is not
   * trusted ends the handshake. Default `none`.
   */
  readonly clientCertificate?: "none" | "request" | "require" | undefined
  /** Whose certificates are accepted from clients; needed when they are asked for one. */
  readonly trust?: Trust | undefined
  /** Default `TLSv1.2`. */
  readonly minVersion?: TlsVersion | undefined
}

export interface ClientContext {
  readonly _tag: "ClientContext"
}

export interface ServerContext {
  readonly _tag: "ServerContext"
  /**
   * Handshakes that begin from now on use these options; connections that are there go on as they
   * are. Fails as `Tls.serverContext`, and then nothing has changed. Sessions of before are not
   * resumed after.
   */
  readonly replace: (options: ServerContextOptions) => Effect.Effect<void, IoError>
}
