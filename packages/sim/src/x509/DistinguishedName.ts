/** Names of subjects and issuers (RFC 5280 §4.1.2.4), as one line of text. */
import { type Der, Tag } from "./Der.ts"
import * as DerText from "./DerText.ts"
import * as ObjectId from "./ObjectId.ts"

// OpenSSL's short names, which both hosts print.
const shortNames: ReadonlyMap<string, string> = new Map([
  ["2.5.4.3", "CN"],
  ["2.5.4.4", "SN"],
  ["2.5.4.5", "serialNumber"],
  ["2.5.4.6", "C"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["2.5.4.9", "street"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  ["2.5.4.12", "title"],
  ["2.5.4.42", "GN"],
  ["2.5.4.43", "initials"],
  ["2.5.4.46", "dnQualifier"],
  ["2.5.4.97", "organizationIdentifier"],
  ["0.9.2342.19200300.100.1.1", "UID"],
  ["0.9.2342.19200300.100.1.25", "DC"],
  ["1.2.840.113549.1.9.1", "emailAddress"]
])

/** `CN=localhost, O=Portico`; attributes that belong together are joined by ` + `. */
export const read = (der: Der): string => {
  const names = der.enter(Tag.sequence)
  const parts: Array<string> = []
  while (!names.isAtEnd) {
    const together = names.enter(Tag.set)
    const attributes: Array<string> = []
    while (!together.isAtEnd) attributes.push(attribute(together.enter(Tag.sequence)))
    if (attributes.length === 0) together.fail("no attribute in a set of them")
    parts.push(attributes.join(" + "))
  }
  return parts.join(", ")
}

const attribute = (pair: Der): string => {
  const id = ObjectId.read(pair)
  const value = DerText.read(pair)
  pair.finish()
  return `${shortNames.get(id) ?? id}=${escape(value)}`
}

// RFC 2253 §2.4, and control characters: a value cannot be taken for another attribute.
const escape = (value: string): string =>
  value
    .replace(/[,+"\\<>;]/g, "\\$&")
    .replace(/^[# ]|(?!^) $/g, "\\$&")
    .replace(/\p{Cc}/gu, (control) => {
      const code = control.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")
      return `\\${code}`
    })
