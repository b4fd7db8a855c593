/** What a name server's response says about the question. */
import * as Duration from "effect/Duration"
import * as Equal from "effect/Equal"
import type * as Dns from "effect/net/Dns"
import type { DnsMessage, ResourceRecord } from "../../dns/DnsMessage.ts"
import { isSame } from "../../dns/DnsName.ts"
import * as RecordCode from "../../dns/RecordCode.ts"
import { typeOf } from "../../dns/RecordData.ts"
import * as ResponseCode from "../../dns/ResponseCode.ts"
import { Reason } from "../../Reason.ts"

export interface Found {
  readonly _tag: "Found"
  readonly records: ReadonlyArray<{ readonly record: Dns.DnsRecord; readonly ttlSeconds: number }>
  readonly canonicalName: string
  readonly ttlSeconds: number
  readonly isAuthentic: boolean
}

/** There is nothing: an answer, too. */
export interface Nothing {
  readonly _tag: "Nothing"
  readonly reason: Reason
  /** How long that may be kept (RFC 2308 §5); 0 when no SOA record says. */
  readonly ttlSeconds: number
}

/** This server is no help; another may be. */
export interface NoHelp {
  readonly _tag: "NoHelp"
  readonly reason: Reason
}

/** Aliases followed in one answer. */
export const aliasesMax = 16

const positiveSecondsMax = 86_400
const negativeSecondsMax = 3 * 3_600

const malformed = (problem: string): NoHelp => ({
  _tag: "NoHelp",
  reason: Reason.MalformedResponse({ problem })
})

export const readAnswer = (
  message: DnsMessage,
  name: string,
  type: Dns.RecordType
): Found | Nothing | NoHelp => {
  const { noError, nameError, refused } = ResponseCode
  const { responseCode } = message
  if (responseCode === refused) return { _tag: "NoHelp", reason: Reason.QueryRefused() }
  if (responseCode !== noError && responseCode !== nameError) {
    const code = ResponseCode.format(responseCode)
    return { _tag: "NoHelp", reason: Reason.ServerFailure({ code }) }
  }
  const target = followAliases(message.answers, name, type)
  if (target === undefined) return malformed(`its aliases are a loop or more than ${aliasesMax}`)
  if (target.records.length > 0) return found(message, target, type)
  const reason = responseCode === nameError ? Reason.NameNotFound() : Reason.NoData()
  const soa = message.authorities.find(({ data }) => data._tag === "SOA")
  // A server that knows nothing of the name and asks nobody: it names others instead.
  const isReferral = !message.recursionAvailable && message.authorities.length > 0
  if (soa === undefined && isReferral && responseCode === noError) {
    return { _tag: "NoHelp", reason: Reason.ServerFailure({ code: "a referral" }) }
  }
  return { _tag: "Nothing", reason, ttlSeconds: negativeSeconds(soa) }
}

const negativeSeconds = (soa: ResourceRecord | undefined): number => {
  if (soa?.data._tag !== "SOA") return 0
  return Math.min(soa.ttlSeconds, Duration.toSeconds(soa.data.minimum), negativeSecondsMax)
}

interface Target {
  readonly name: string
  readonly ttlSeconds: number
  readonly records: ReadonlyArray<ResourceRecord>
}

/** Where the aliases lead, or undefined when that is nowhere. */
const followAliases = (
  answers: ReadonlyArray<ResourceRecord>,
  name: string,
  type: Dns.RecordType
): Target | undefined => {
  let at = name
  let ttlSeconds = positiveSecondsMax
  for (let aliases = 0; aliases <= aliasesMax; aliases++) {
    const here = answers.filter((one) => one.class === RecordCode.internet && isSame(one.name, at))
    const records = here.filter(({ data }) => typeOf(data) === RecordCode.of(type))
    const alias = here.find(({ data }) => data._tag === "CNAME")
    if (records.length > 0 || alias?.data._tag !== "CNAME") return { name: at, ttlSeconds, records }
    at = alias.data.target
    ttlSeconds = Math.min(ttlSeconds, alias.ttlSeconds)
  }
  return undefined
}

const found = (message: DnsMessage, target: Target, type: Dns.RecordType): Found | NoHelp => {
  const records: Array<Found["records"][number]> = []
  for (const { data, ttlSeconds } of target.records) {
    // Bytes: the server's record says what `effect/net/Dns` has no words for.
    if (data._tag === "Opaque") continue
    const isKnown = records.some(({ record }) => Equal.equals(record, data))
    if (!isKnown) records.push({ record: data, ttlSeconds })
  }
  if (records.length === 0) return malformed(`its ${type} records hold no valid host name`)
  const ttls = records.map(({ ttlSeconds }) => ttlSeconds)
  return {
    _tag: "Found",
    records,
    canonicalName: target.name,
    ttlSeconds: Math.min(target.ttlSeconds, ...ttls),
    isAuthentic: message.isAuthentic
  }
}
