/** PEM texts read once: a `SecureContext`, or which of them is wrong. */
import { createHash, createPrivateKey, type KeyObject, X509Certificate } from "node:crypto"
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls"
import { PortFailure, type TlsContextRequest } from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"

/** What `createSecureContext` gives; a class, so that only ours are taken for ones. */
export class NodeTlsContext {
  readonly secure: SecureContext
  constructor(secure: SecureContext) {
    this.secure = secure
  }
}

export const make = (request: TlsContextRequest): NodeTlsContext | PortFailure => {
  const { credentials, minVersion, trust } = request
  // The server chooses the cipher, as `tls.createServer` has it.
  const options: SecureContextOptions = { minVersion, honorCipherOrder: request.side === "server" }
  if (credentials !== undefined) {
    const failure = check(credentials.certificate, credentials.key)
    if (failure !== undefined) return failure
    options.cert = credentials.certificate
    options.key = credentials.key
    // Sessions of a server that asks for certificates are resumed only within one context id.
    options.sessionIdContext = createHash("sha256")
      .update(credentials.certificate)
      .digest("hex")
      .slice(0, 32)
  }
  // Without a list Node trusts what it was started to trust.
  if (trust !== "system") {
    for (const pem of trust) {
      const authority = parse("trust", "certificates in PEM", () => new X509Certificate(pem))
      if (authority instanceof PortFailure) return authority
    }
    options.ca = Array.from(trust)
  }
  const made = parse("certificate", "a chain in PEM that fits the key", () =>
    createSecureContext(options)
  )
  return made instanceof PortFailure ? made : new NodeTlsContext(made)
}

const check = (certificate: string, key: string): PortFailure | undefined => {
  const own = parse("certificate", "a certificate in PEM", () => new X509Certificate(certificate))
  if (own instanceof PortFailure) return own
  const secret = parse<KeyObject>("key", "an unencrypted key in PEM", () => createPrivateKey(key))
  if (secret instanceof PortFailure) return secret
  return own.checkPrivateKey(secret)
    ? undefined
    : invalid("key", "the key of the certificate", "another key")
}

const parse = <A>(argument: string, bound: string, read: () => A): A | PortFailure => {
  try {
    return read()
  } catch (error) {
    // The text may be a key: only what the host says of it is told.
    return invalid(argument, bound, (error as Error).message, error)
  }
}

const invalid = (argument: string, bound: string, value: string, cause?: unknown): PortFailure =>
  new PortFailure(Reason.InvalidArgument({ argument, bound, value }), cause)
