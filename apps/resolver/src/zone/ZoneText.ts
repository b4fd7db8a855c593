/** What the words of a zone file stand for: names, times, numbers, addresses, strings. */
import { labelsOf, labelText } from "@portico/core/dns/DnsName"
import * as Utf8 from "@portico/core/dns/Utf8"
import * as NetAddress from "effect/net/NetAddress"
import * as Result from "effect/Result"
import type { Bytes } from "../wire/Octets.ts"
import type { Word } from "./ZoneLexer.ts"
import { ZoneProblem } from "./ZoneError.ts"

/** RFC 2181 §8. */
export const ttlMax = 0x7fff_ffff

const nameProblems: Readonly<Record<string, string>> = {
  EmptyLabel: "A name has an empty label",
  LabelTooLong: "A name has a label of more than 63 bytes",
  NameTooLong: "A name is longer than 255 bytes",
  BadEscape: "A backslash is not followed by a character or three digits up to 255"
}

/** The one text of a name: see `DnsName`. */
const canonical = (text: string, { line }: Word): string => {
  const labels = labelsOf(text)
  if (typeof labels === "string") throw new ZoneProblem(line, `${nameProblems[labels]}: ${text}`)
  return labels.length === 0 ? "." : labels.map((label) => `${labelText(label)}.`).join("")
}

// Ends with a dot that no backslash stands before; a pair of backslashes is one of them escaped.
const isAbsolute = /(?:^|[^\\])(?:\\\\)*\.$/

/** A name as an absolute one; `@` is the origin. */
export const nameOf = (word: Word, origin: string | undefined): string => {
  const { line, text } = word
  const isOrigin = text === "@" && !word.isQuoted
  if (!isOrigin && isAbsolute.test(text)) return canonical(text, word)
  if (origin === undefined) throw new ZoneProblem(line, `A relative name before $ORIGIN: ${text}`)
  if (isOrigin) return origin
  return canonical(origin === "." ? `${text}.` : `${text}.${origin}`, word)
}

const unitSeconds: Readonly<Record<string, number>> = {
  w: 604_800,
  d: 86_400,
  h: 3_600,
  m: 60,
  s: 1
}

/** Seconds: `3600`, or BIND's `1h30m`. Undefined when it is no time. */
export const tryTime = (text: string): number | undefined => {
  if (/^\d{1,10}$/.test(text)) return Number(text)
  if (!/^(?:\d{1,10}[wdhms])+$/i.test(text)) return undefined
  let seconds = 0
  for (const [, count, unit] of text.matchAll(/(\d+)([wdhms])/gi)) {
    seconds += Number(count) * unitSeconds[unit!.toLowerCase()]!
  }
  return seconds
}

export const timeOf = ({ line, text }: Word, secondsMax: number): number => {
  const seconds = tryTime(text)
  if (seconds !== undefined && seconds <= secondsMax) return seconds
  throw new ZoneProblem(line, `Not a time from 0 to ${secondsMax} seconds: ${text}`)
}

export const numberOf = ({ line, text }: Word, max: number): number => {
  if (/^\d{1,10}$/.test(text) && Number(text) <= max) return Number(text)
  throw new ZoneProblem(line, `Not a number from 0 to ${max}: ${text}`)
}

export const ipv4Of = ({ line, text }: Word): Bytes => {
  const address = NetAddress.ipv4FromString(text)
  if (Result.isSuccess(address)) return Uint8Array.from(NetAddress.ipv4ToOctets(address.success))
  throw new ZoneProblem(line, `Not an IPv4 address: ${text}`)
}

export const ipv6Of = ({ line, text }: Word): Bytes => {
  const address = NetAddress.ipv6FromString(text)
  if (Result.isSuccess(address)) return Uint8Array.from(NetAddress.ipv6ToOctets(address.success))
  throw new ZoneProblem(line, `Not an IPv6 address: ${text}`)
}

const escape = /\\(\d{3})|\\([^\d])|[^\\]+/gsuy

/** Bytes: escapes resolved, all else as UTF-8. */
export const bytesOf = ({ line, text }: Word): Bytes => {
  const bytes: Array<number> = []
  let taken = 0
  for (const [whole, digits, character] of text.matchAll(escape)) {
    taken += whole.length
    if (digits === undefined) for (const byte of Utf8.encode(character ?? whole)) bytes.push(byte)
    else if (Number(digits) > 255) throw new ZoneProblem(line, `An escape above 255: ${whole}`)
    else bytes.push(Number(digits))
  }
  if (taken === text.length) return Uint8Array.from(bytes)
  throw new ZoneProblem(line, `${nameProblems["BadEscape"]}: ${text}`)
}

/** RFC 1035 §3.3: at most 255 bytes. */
export const stringOf = (word: Word): Bytes => {
  const bytes = bytesOf(word)
  if (bytes.length <= 255) return bytes
  throw new ZoneProblem(word.line, `A string is longer than 255 bytes: ${bytes.length}`)
}

export const hexOf = ({ line, text }: Word): Bytes => {
  if (!/^(?:[0-9a-f]{2})+$/i.test(text)) {
    throw new ZoneProblem(line, `Not pairs of hexadecimal digits: ${text}`)
  }
  return Uint8Array.from(text.match(/../g)!, (pair) => parseInt(pair, 16))
}
