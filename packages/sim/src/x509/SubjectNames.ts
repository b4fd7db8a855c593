/** The extension subjectAltName (RFC 5280 §4.2.1.6). */
import type { SubjectName } from "@portico/core/port/index"
import * as NetAddress from "effect/net/NetAddress"
import * as Result from "effect/Result"
import { constructed, Der, primitive, Tag } from "./Der.ts"
import * as DerText from "./DerText.ts"
import * as DistinguishedName from "./DistinguishedName.ts"
import * as ObjectId from "./ObjectId.ts"

export const read = (der: Der): ReadonlyArray<SubjectName> => {
  const list = der.enter(Tag.sequence)
  const names: Array<SubjectName> = []
  while (!list.isAtEnd) names.push(generalName(list))
  if (names.length === 0) list.fail("a list of no names")
  return names
}

const generalName = (list: Der): SubjectName => {
  switch (list.tag) {
    case primitive(1):
      return other("email", ascii(list))
    case primitive(2):
      return { kind: "dns", value: ascii(list) }
    case constructed(4):
      return other("DirName", directoryName(list.enter()))
    case primitive(6):
      return other("URI", ascii(list))
    case primitive(7):
      return { kind: "ip", value: address(list.enter()) }
    case primitive(8):
      return other("Registered ID", registeredId(list))
    default:
      list.enter()
      return other("othername", "<unsupported>")
  }
}

const other = (kind: string, value: string): SubjectName => ({
  kind: "other",
  value: `${kind}:${value}`
})

const ascii = (list: Der): string => {
  const inside = list.enter()
  // A NUL was once taken for the end of a name (CVE-2009-2408).
  const isText = inside.rest.every((byte) => byte > 0 && byte < 0x80)
  return isText ? DerText.latin1(inside.rest) : inside.fail("a name that is not ASCII")
}

const directoryName = (inside: Der): string => {
  const name = DistinguishedName.read(inside)
  inside.finish()
  return name
}

const address = (inside: Der): string => {
  const { rest } = inside
  if (rest.length !== 4 && rest.length !== 16) inside.fail("an address of no such length")
  const parsed = NetAddress.ipFromString(rest.length === 4 ? rest.join(".") : groups(rest))
  return NetAddress.formatIp(Result.getOrThrow(parsed))
}

const groups = (bytes: Uint8Array): string =>
  Array.from({ length: 8 }, (_, index) =>
    ((bytes[2 * index]! << 8) | bytes[2 * index + 1]!).toString(16)
  ).join(":")

// Its tag stands in the place of the identifier's own.
const registeredId = (list: Der): string => {
  const whole = list.whole().slice()
  whole[0] = Tag.oid
  return ObjectId.read(new Der(whole))
}
