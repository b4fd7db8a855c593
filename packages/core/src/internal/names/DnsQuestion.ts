/** One question as it goes out, and which messages may answer it. */
import type * as Dns from "effect/net/Dns"
import * as Result from "effect/Result"
import * as DnsMessage from "../../dns/DnsMessage.ts"
import { isSame } from "../../dns/DnsName.ts"
import * as RecordCode from "../../dns/RecordCode.ts"
import * as ResponseCode from "../../dns/ResponseCode.ts"

/** What passes nearly every path without being cut up (DNS flag day 2020). */
export const udpBytesMax = 1_232

const headerBytes = 12

export interface DnsQuestion {
  readonly id: number
  /** Absolute. */
  readonly name: string
  readonly type: Dns.RecordType
  readonly hasEdns: boolean
}

/** What a message is to who asked: of one that is not for us, no more is known. */
export type Judged =
  | { readonly _tag: "Answers"; readonly message: DnsMessage.DnsMessage }
  | { readonly _tag: "Truncated" }
  | { readonly _tag: "NotOurs" }
  | { readonly _tag: "Malformed"; readonly problem: string }

export const bytesOf = ({ hasEdns, id, name, type }: DnsQuestion): Uint8Array => {
  const edns = { udpBytesMax, version: 0, dnssecOk: false, options: [] }
  const message = DnsMessage.make({
    id,
    recursionDesired: true,
    // "Tell me whether it is authentic" (RFC 6840 §5.7).
    isAuthentic: true,
    questions: [{ name, type: RecordCode.of(type), class: RecordCode.internet }],
    edns: hasEdns ? edns : undefined
  })
  // The name was checked, and all else fits.
  return Result.getOrThrow(DnsMessage.encode(message))
}

/** A message from the server that was asked. */
export const judge = (question: DnsQuestion, bytes: Uint8Array): Judged => {
  if (bytes.length < headerBytes || ((bytes[0]! << 8) | bytes[1]!) !== question.id) {
    return { _tag: "NotOurs" }
  }
  const isResponse = (bytes[2]! & 0x80) !== 0
  const isTruncated = (bytes[2]! & 0x02) !== 0
  if (!isResponse) return { _tag: "NotOurs" }
  const decoded = DnsMessage.decode(bytes)
  if (Result.isFailure(decoded)) {
    // It may have been cut anywhere.
    return isTruncated ? { _tag: "Truncated" } : malformed(decoded.failure.message)
  }
  const message = decoded.success
  if (message.opcode !== 0 || !asksTheSame(message, question)) return malformed("another question")
  return isTruncated ? { _tag: "Truncated" } : { _tag: "Answers", message }
}

const malformed = (problem: string): Judged => ({ _tag: "Malformed", problem })

const asksTheSame = (message: DnsMessage.DnsMessage, { name, type }: DnsQuestion): boolean => {
  const [asked, ...others] = message.questions
  // Servers that cannot read a query do not repeat it.
  if (asked === undefined) return message.responseCode === ResponseCode.formatError
  return (
    others.length === 0 &&
    isSame(asked.name, name) &&
    asked.type === RecordCode.of(type) &&
    asked.class === RecordCode.internet
  )
}

/** The server does not know EDNS, which every server may (RFC 6891 §7). */
export const refusesEdns = ({ responseCode }: DnsMessage.DnsMessage): boolean =>
  responseCode === ResponseCode.formatError ||
  responseCode === ResponseCode.notImplemented ||
  responseCode === ResponseCode.badVersion
