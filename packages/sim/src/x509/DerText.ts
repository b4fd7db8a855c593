/** Texts of the kinds that names in certificates have (X.520 DirectoryString, IA5String). */
import * as Utf8 from "@portico/core/dns/Utf8"
import { type Der, Tag } from "./Der.ts"

/** A byte each: ASCII, or Latin-1, as which all software reads TeletexString. */
export const latin1 = (bytes: Uint8Array): string => {
  let text = ""
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

export const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80)

/** The next element as text; one that is none as `#` and its bytes in hexadecimal (RFC 4514). */
export const read = (der: Der): string => {
  const { tag } = der
  const inside = der.enter()
  const { rest } = inside
  switch (tag) {
    case Tag.utf8:
      return Utf8.decode(rest, () => inside.fail("no UTF-8"))
    case Tag.teletex:
      return latin1(rest)
    case Tag.ia5:
    case Tag.numeric:
    case Tag.printable:
    case Tag.visible:
      return isAscii(rest) ? latin1(rest) : inside.fail("no ASCII")
    case Tag.bmp:
      return wide(inside, 2)
    case Tag.universal:
      return wide(inside, 4)
    default:
      return `#${hexOf(rest)}`
  }
}

const wide = (inside: Der, width: number): string => {
  const { rest } = inside
  if (rest.length % width !== 0) inside.fail("half a character")
  let text = ""
  for (let at = 0; at < rest.length; at += width) {
    const unit = rest.subarray(at, at + width).reduce((sum, byte) => sum * 256 + byte, 0)
    if (unit > 0x10ffff) inside.fail("no such character")
    text += width === 2 ? String.fromCharCode(unit) : String.fromCodePoint(unit)
  }
  return text
}

export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
