/**
 * Domain names (RFC 1035 §3.1) as text and as labels.
 *
 * As text a name is absolute and ends with a dot: `example.com.`, `.` for the root. Labels are
 * UTF-8 text; a dot or backslash in a label is written `\.` and `\\`, and what is no printable
 * UTF-8 as `\DDD` (RFC 1035 §5.1). So each name has one text, and two names never share it.
 */
import type { Problem } from "./DnsFormatError.ts"
import * as Utf8 from "./Utf8.ts"

export const labelBytesMax = 63
/** Of a whole name on the wire, with the root's empty label. */
export const nameBytesMax = 255

const decimal = (byte: number): string => `\\${byte.toString().padStart(3, "0")}`

const escaped = (point: number): string => {
  if (point === 0x2e || point === 0x5c) return `\\${String.fromCodePoint(point)}`
  return point < 0x20 || point === 0x7f ? decimal(point) : String.fromCodePoint(point)
}

const plainLabel = /^[\w-]+$/

/** One label as text, without the dot after it. */
export const labelText = (label: Uint8Array): string => {
  const text = String.fromCharCode(...label)
  return plainLabel.test(text) ? text : Utf8.decode(label, decimal, escaped)
}

/** A name's labels without the root's, or what is wrong. The last dot may be left out. */
export const labelsOf = (text: string): ReadonlyArray<Uint8Array> | Problem => {
  if (text === ".") return []
  const labels: Array<Uint8Array> = []
  let wireBytes = 1
  for (const part of splitLabels(text)) {
    const label = plainLabel.test(part) ? Utf8.encode(part) : unescaped(part)
    if (typeof label === "string") return label
    if (label.length === 0) return "EmptyLabel"
    if (label.length > labelBytesMax) return "LabelTooLong"
    wireBytes += label.length + 1
    if (wireBytes > nameBytesMax) return "NameTooLong"
    labels.push(label)
  }
  return labels
}

const splitLabels = (text: string): ReadonlyArray<string> => {
  if (!text.includes("\\")) return (text.endsWith(".") ? text.slice(0, -1) : text).split(".")
  const parts: Array<string> = []
  let start = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at++
    else if (text[at] === ".") {
      parts.push(text.slice(start, at))
      start = at + 1
    }
  }
  return start === text.length ? parts : [...parts, text.slice(start)]
}

const escape = /\\(?:(\d{3})|([^\d]))|\\|[^\\]+/gsu

const unescaped = (part: string): Uint8Array | Problem => {
  const bytes: Array<number> = []
  for (const [whole, digits, character] of part.matchAll(escape)) {
    if (whole === "\\" || Number(digits ?? 0) > 255) return "BadEscape"
    if (digits !== undefined) bytes.push(Number(digits))
    else bytes.push(...Utf8.encode(character ?? whole))
  }
  return Uint8Array.from(bytes)
}

/** ASCII letters in lower case, and nothing else: how names are compared (RFC 4343). */
export const toLower = (name: string): string =>
  name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())

export const isSame = (a: string, b: string): boolean => a === b || toLower(a) === toLower(b)
