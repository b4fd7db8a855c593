/** What the fields of records are on the wire, and in the records of `effect/net/Dns`. */
import * as Duration from "effect/Duration"
import type * as Dns from "effect/net/Dns"
import type { DomainName } from "effect/net/Host"
import * as NetAddress from "effect/net/NetAddress"
import { toLower } from "./DnsName.ts"
import * as Utf8 from "./Utf8.ts"
import type { WireReader } from "./WireReader.ts"
import type { WireWriter } from "./WireWriter.ts"

/** `Raw` holds all that the wire says; `Field` may say less, or nothing where it cannot say it. */
export interface FieldKind<Raw, Field> {
  readonly read: (reader: WireReader) => Raw
  readonly write: (writer: WireWriter, raw: Raw) => void
  readonly toField: (raw: Raw) => Field
  readonly fromField: (field: Field) => Raw
}

const same = <A>(value: A): A => value

const number = (
  read: (reader: WireReader) => number,
  write: (writer: WireWriter, value: number) => void
): FieldKind<number, number> => ({ read, write, toField: same, fromField: same })

export const u8 = number(
  (reader) => reader.u8(),
  (writer, value) => writer.u8(value)
)
export const u16 = number(
  (reader) => reader.u16(),
  (writer, value) => writer.u16(value)
)
export const u32 = number(
  (reader) => reader.u32(),
  (writer, value) => writer.u32(value)
)

/** Seconds in 32 bits. */
export const seconds: FieldKind<number, Duration.Duration> = {
  read: u32.read,
  write: u32.write,
  toField: Duration.seconds,
  fromField: Duration.toSeconds
}

/** Bit 0 of the flags (RFC 8659 §4.1.1), which is the highest; the others are reserved. */
export const criticalBit: FieldKind<number, boolean> = {
  read: u8.read,
  write: u8.write,
  toField: (flags) => (flags & 0x80) !== 0,
  fromField: (isCritical) => (isCritical ? 0x80 : 0)
}

const isCompressible = true

/** The records' names are in lower case. A name that is no `DomainName` makes no record. */
const name = (isCompressed: boolean): FieldKind<string, DomainName> => ({
  read: (reader) => reader.name(),
  write: (writer, text) => writer.name(text, isCompressed),
  toField: (text) => toLower(text) as DomainName,
  fromField: same
})

export const domain = name(isCompressible)
/** Younger than RFC 1035, so it must not be compressed (RFC 3597 §4), though some are. */
export const uncompressedDomain = name(!isCompressible)

export const nameText: FieldKind<string, string> = {
  read: (reader) => reader.name(),
  write: (writer, text) => writer.name(text, isCompressible),
  toField: same,
  fromField: same
}

const readString = (reader: WireReader): Uint8Array => reader.take(reader.u8())

const writeString = (writer: WireWriter, bytes: Uint8Array): void => {
  if (bytes.length > 255) return writer.fail("StringTooLong")
  writer.u8(bytes.length)
  writer.put(bytes)
}

const toText = (bytes: Uint8Array): string => Utf8.decode(bytes)

/** RFC 1035 §3.3: at most 255 bytes behind their length. */
export const characterString: FieldKind<Uint8Array, string> = {
  read: readString,
  write: writeString,
  toField: toText,
  fromField: Utf8.encode
}

export const characterStrings: FieldKind<ReadonlyArray<Uint8Array>, Dns.Txt["chunks"]> = {
  read: (reader) => {
    const strings: Array<Uint8Array> = []
    while (reader.left > 0) strings.push(readString(reader))
    return strings
  },
  write: (writer, strings) => strings.forEach((string) => writeString(writer, string)),
  toField: (strings) => strings.map(toText) as unknown as Dns.Txt["chunks"],
  fromField: (chunks) => chunks.map(Utf8.encode)
}

const bytes = <Field>(
  read: (reader: WireReader) => Uint8Array,
  toField: (raw: Uint8Array) => Field,
  fromField: (field: Field) => Uint8Array
): FieldKind<Uint8Array, Field> => ({
  read,
  write: (writer, raw) => writer.put(raw),
  toField,
  fromField
})

/** What is left of the record's data. */
export const rest = bytes<Uint8Array>((reader) => reader.take(reader.left), same, same)
export const restAsText = bytes<string>(rest.read, toText, Utf8.encode)

export const ipv4 = bytes(
  (reader) => reader.take(4),
  NetAddress.ipv4FromBytesUnsafe,
  (address) => Uint8Array.from(NetAddress.ipv4ToOctets(address))
)
export const ipv6 = bytes(
  (reader) => reader.take(16),
  NetAddress.ipv6FromBytesUnsafe,
  (address) => Uint8Array.from(NetAddress.ipv6ToOctets(address))
)
