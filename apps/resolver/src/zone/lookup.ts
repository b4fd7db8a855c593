/** What a zone says of a name and a type (RFC 1034 §4.3.2, wildcards as in RFC 4592). */
import { RecordCode, ResponseCode } from "@portico/core"
import { toLower } from "@portico/core/dns/DnsName"
import { type Node, parentOf, targetOf, type Zone } from "./Zone.ts"
import type { ZoneRecord } from "./ZoneFile.ts"

/** A record as it is answered: a wildcard's owner is the name that was asked for. */
export interface Owned {
  readonly name: string
  readonly record: ZoneRecord
  readonly ttlSeconds: number
}

export interface Found {
  readonly responseCode: number
  /** False for a referral. */
  readonly isAuthoritative: boolean
  readonly answers: ReadonlyArray<Owned>
  readonly authorities: ReadonlyArray<Owned>
  readonly additionals: ReadonlyArray<Owned>
}

/** Aliases followed in one answer. */
export const aliasesMax = 16

const any = RecordCode.any
const ns = RecordCode.of("NS")
const cname = RecordCode.of("CNAME")
/** Of the parent, although it stands at the child's name (RFC 4035 §3.1.4.1). */
const ds = 43

const owned = (record: ZoneRecord, name = record.name): Owned => ({
  name,
  record,
  ttlSeconds: record.ttlSeconds
})

/** `name` lies in the zone. */
export const lookup = (zone: Zone, name: string, type: number): Found => {
  const answers: Array<Owned> = []
  const seen = new Set<string>()
  let at = name
  for (;;) {
    const key = toLower(at)
    const cut = cutAbove(zone, key, type)
    if (cut !== undefined) return referral(zone, cut, answers)
    const node = zone.node(key) ?? wildcardOf(zone, key)
    if (node === undefined) return denial(zone, ResponseCode.nameError, answers)
    const records = type === any ? [...node.values()].flat() : node.get(type)
    if (records !== undefined && records.length > 0) {
      answers.push(...records.map((record) => owned(record, at)))
      return found(answers)
    }
    const alias = node.get(cname)?.[0]
    if (alias === undefined) return denial(zone, ResponseCode.noError, answers)
    answers.push(owned(alias, at))
    seen.add(key)
    at = targetOf(alias)
    // The rest is somebody else's to say, or the alias leads back to itself.
    const target = toLower(at)
    if (!zone.has(target) || seen.has(target) || answers.length >= aliasesMax) return found(answers)
  }
}

const found = (answers: ReadonlyArray<Owned>): Found => ({
  responseCode: ResponseCode.noError,
  isAuthoritative: true,
  answers,
  authorities: [],
  additionals: []
})

const denial = (zone: Zone, responseCode: number, answers: ReadonlyArray<Owned>): Found => {
  const { denialSeconds, soa } = zone
  const authorities = [{ name: soa.name, record: soa, ttlSeconds: denialSeconds }]
  return { ...found(answers), responseCode, authorities }
}

/** The highest name on the way to `name` whose zone is another server's, if there is one. */
const cutAbove = (zone: Zone, name: string, type: number): string | undefined => {
  let highest: string | undefined
  for (let at = name; at !== zone.origin; at = parentOf(at)!) {
    if (at === name && type === ds) continue
    if (zone.node(at)?.has(ns) === true) highest = at
  }
  return highest
}

/** Who to ask instead, and where they are as far as this zone knows. */
const referral = (zone: Zone, cut: string, answers: ReadonlyArray<Owned>): Found => {
  const servers = zone.node(cut)!.get(ns)!
  const addresses = servers.flatMap((server) => {
    const node = zone.node(toLower(targetOf(server)))
    return ["A", "AAAA"].flatMap((type) => node?.get(RecordCode.of(type as "A")) ?? [])
  })
  return {
    responseCode: ResponseCode.noError,
    isAuthoritative: answers.length > 0,
    answers,
    authorities: servers.map((server) => owned(server)),
    additionals: addresses.map((address) => owned(address))
  }
}

/** Of a name that is not there: `*` below the closest name above it that is (RFC 4592 §3.3.1). */
const wildcardOf = (zone: Zone, name: string): Node | undefined => {
  let closest = parentOf(name)!
  while (zone.node(closest) === undefined) closest = parentOf(closest)!
  return zone.node(closest === "." ? "*." : `*.${closest}`)
}
