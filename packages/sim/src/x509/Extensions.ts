/** The extensions of a certificate that decide what it may be used for (RFC 5280 §4.2.1). */
import type { SubjectName } from "@portico/core/port/index"
import { constructed, type Der, primitive, Tag } from "./Der.ts"
import * as ObjectId from "./ObjectId.ts"
import * as SubjectNames from "./SubjectNames.ts"

export interface Extensions {
  subjectAltName: ReadonlyArray<SubjectName>
  subjectKeyId: Uint8Array | undefined
  authorityKeyId: Uint8Array | undefined
  /** basicConstraints; undefined without. */
  isAuthority: boolean | undefined
  /** Authorities that may stand between this one and an end's certificate. */
  pathLengthMax: number
  /** keyUsage, where it is there, allows to sign certificates. */
  maySign: boolean
  /** extendedKeyUsage: object identifiers; undefined allows all. */
  purposes: ReadonlyArray<string> | undefined
  /** One that is critical is not known here. */
  hasUnknown: boolean
}

export const none = (): Extensions => ({
  subjectAltName: [],
  subjectKeyId: undefined,
  authorityKeyId: undefined,
  isAuthority: undefined,
  pathLengthMax: Infinity,
  maySign: true,
  purposes: undefined,
  hasUnknown: false
})

/** `list` is the SEQUENCE of them. */
export const read = (list: Der): Extensions => {
  const extensions = none()
  const seen = new Set<string>()
  const all = list.enter(Tag.sequence)
  while (!all.isAtEnd) {
    const one = all.enter(Tag.sequence)
    const id = ObjectId.read(one)
    if (seen.has(id)) one.fail("an extension that is there twice")
    seen.add(id)
    const isCritical = one.tag === Tag.boolean && one.boolean()
    const value = one.enter(Tag.octetString)
    one.finish()
    const reader = readers[id]
    if (reader === undefined) {
      extensions.hasUnknown ||= isCritical && !unchecked.has(id)
      continue
    }
    reader(value, extensions)
    value.finish()
  }
  return extensions
}

// Names, policies and revocation are not checked: see `Chain.ts`.
const unchecked = new Set(["30", "31", "32", "33", "36", "54"].map((arc) => `2.5.29.${arc}`))

const readers: Readonly<Record<string, (value: Der, into: Extensions) => void>> = {
  "2.5.29.14": (value, into) => {
    into.subjectKeyId = value.enter(Tag.octetString).rest
  },
  "2.5.29.15": (value, into) => {
    into.maySign = isBitSet(value.enter(Tag.bitString), 5)
  },
  "2.5.29.17": (value, into) => {
    into.subjectAltName = SubjectNames.read(value)
  },
  "2.5.29.19": (value, into) => {
    const constraints = value.enter(Tag.sequence)
    into.isAuthority = constraints.tag === Tag.boolean && constraints.boolean()
    if (constraints.tag === Tag.integer) into.pathLengthMax = constraints.small()
    constraints.finish()
  },
  "2.5.29.35": (value, into) => {
    const key = value.enter(Tag.sequence)
    into.authorityKeyId = key.enterIf(primitive(0))?.rest
    // The authority's own issuer and serial number, which nobody uses alone.
    key.enterIf(constructed(1))
    key.enterIf(primitive(2))
    key.finish()
  },
  "2.5.29.37": (value, into) => {
    const list = value.enter(Tag.sequence)
    const purposes: Array<string> = []
    while (!list.isAtEnd) purposes.push(ObjectId.read(list))
    if (purposes.length === 0) list.fail("a list of no purposes")
    into.purposes = purposes
  }
}

/** Bit 0 is the first byte's highest. */
const isBitSet = (inside: Der, bit: number): boolean => {
  const { rest } = inside
  const unused = rest[0]
  if (unused === undefined || unused > 7 || (unused > 0 && rest.length === 1)) {
    inside.fail("no bit string")
  }
  const byte = rest[1 + (bit >> 3)]
  return byte !== undefined && (byte & (0x80 >> (bit & 7))) !== 0
}
