/** Whom a certificate is for, and which credentials a server name gets (RFC 9525 §6). */
import type { SubjectName } from "../../port/TlsPort.ts"
import * as IpLiteral from "../IpLiteral.ts"

/** `name` is in ASCII and lower case, or an IP literal. */
export const isCertifiedFor = (names: ReadonlyArray<SubjectName>, name: string): boolean => {
  const address = IpLiteral.parse(name)
  return address === undefined
    ? names.some(({ kind, value }) => kind === "dns" && matches(value.toLowerCase(), name))
    : names.some(({ kind, value }) => kind === "ip" && sameAddress(value, address.host))
}

const sameAddress = (value: string, host: string): boolean => IpLiteral.parse(value)?.host === host

/** A name matches itself; `*.example.org` matches what has one label in the star's place. */
const matches = (pattern: string, name: string): boolean =>
  pattern === name || pattern === wildcardOf(name)

// A star stands for a whole label, the first, and never for a domain directly below the root.
const wildcardOf = (name: string): string | undefined => {
  const dot = name.indexOf(".")
  const parent = name.slice(dot + 1)
  return dot > 0 && parent.includes(".") ? `*.${parent}` : undefined
}

/** What `names` has for a server name, a full name before a pattern. */
export const lookUp = <A>(names: ReadonlyMap<string, A>, name: string): A | undefined => {
  const lower = name.toLowerCase()
  const pattern = wildcardOf(lower)
  return names.get(lower) ?? (pattern === undefined ? undefined : names.get(pattern))
}
