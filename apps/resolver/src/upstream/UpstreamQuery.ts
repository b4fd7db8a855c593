/** The query that goes to an upstream, and whether what comes back answers it. */
import { DnsMessage, RecordCode, ResponseCode } from "@portico/core"
import * as Result from "effect/Result"
import type { Question } from "../Flights.ts"
import { type Bytes, isUpper, setU16, u16 } from "../wire/Octets.ts"
import { headerBytes } from "../wire/QueryView.ts"

const recursionDesired = 0x01
const checkingDisabledBit = 0x10
const dnssecOkBit = 0x80
const optBytes = 11

/** What nearly every path takes without cutting it up (DNS flag day 2020). */
export const udpBytesMax = 1_232

export interface UpstreamQuery {
  readonly id: number
  readonly question: Question
  readonly hasEdns: boolean
}

export const bytesOf = ({ hasEdns, id, question }: UpstreamQuery): Bytes => {
  const end = headerBytes + question.bytes.length
  const bytes = new Uint8Array(end + (hasEdns ? optBytes : 0))
  setU16(bytes, 0, id)
  bytes[2] = recursionDesired
  bytes[3] = question.checkingDisabled ? checkingDisabledBit : 0
  bytes[5] = 1
  bytes.set(question.bytes, headerBytes)
  if (!hasEdns) return bytes
  bytes[11] = 1
  bytes[end + 2] = RecordCode.opt
  setU16(bytes, end + 3, udpBytesMax)
  bytes[end + 7] = question.dnssecOk ? dnssecOkBit : 0
  return bytes
}

/** What a message is to who asked: of one that is not for us, no more is known. */
export type Judged =
  | { readonly _tag: "Answers" }
  | { readonly _tag: "Truncated" }
  /** The server may know no EDNS (RFC 6891 §7). */
  | { readonly _tag: "RefusesEdns" }
  /** Another server may know more. */
  | { readonly _tag: "Fails"; readonly code: number }
  | { readonly _tag: "NotOurs" }

const notOurs: Judged = { _tag: "NotOurs" }

const { badVersion, formatError, nameError, noError, notImplemented } = ResponseCode

/** A message from where the query went. */
export const judge = (query: UpstreamQuery, bytes: Bytes): Judged => {
  if (bytes.length < headerBytes || u16(bytes, 0) !== query.id) return notOurs
  const isResponse = (bytes[2]! & 0xf8) === 0x80
  if (!isResponse) return notOurs
  const codeLow = bytes[3]! & 0x0f
  // Servers that cannot read a query do not repeat its question.
  const isBare = u16(bytes, 4) === 0 && codeLow === formatError
  if (!isBare && !repeats(query.question, bytes)) return notOurs
  if (!isBare && (bytes[2]! & 0x02) !== 0) return { _tag: "Truncated" }
  const decoded = DnsMessage.decode(bytes)
  if (Result.isFailure(decoded)) return notOurs
  const code = decoded.success.responseCode
  if (code === noError || code === nameError) return { _tag: "Answers" }
  const isEdnsRefused = code === formatError || code === notImplemented || code === badVersion
  return query.hasEdns && isEdnsRefused ? { _tag: "RefusesEdns" } : { _tag: "Fails", code }
}

/** The question itself, letter by letter: a pointer in its place answers nothing. */
const repeats = ({ bytes: asked }: Question, bytes: Bytes): boolean => {
  if (u16(bytes, 4) !== 1 || bytes.length < headerBytes + asked.length) return false
  for (let at = 0; at < asked.length; at++) {
    const byte = bytes[headerBytes + at]!
    if (byte === asked[at]) continue
    if (at >= asked.length - 4 || !isUpper(byte) || (byte | 0x20) !== asked[at]) return false
  }
  return true
}
