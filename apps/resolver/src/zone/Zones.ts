/** The zones that this server has, and their answers as messages. */
import { DnsMessage, RecordCode, RecordData } from "@portico/core"
import { toLower } from "@portico/core/dns/DnsName"
import { WireReader } from "@portico/core/dns/WireReader"
import * as Result from "effect/Result"
import type { Bytes } from "../wire/Octets.ts"
import { headerBytes, type QueryView } from "../wire/QueryView.ts"
import { lookup, type Owned } from "./lookup.ts"
import { parentOf, type Zone } from "./Zone.ts"

export class Zones {
  private readonly byOrigin = new Map<string, Zone>()
  private readonly isForwarding: boolean

  /** Of two zones with one origin, the last counts. */
  constructor(zones: ReadonlyArray<Zone>, isForwarding: boolean) {
    for (const zone of zones) this.byOrigin.set(zone.origin, zone)
    this.isForwarding = isForwarding
  }

  /**
   * The answer to a query of class IN, as a message for whoever asks the same; undefined when the
   * name is in no zone. A name that a zone has delegated is in none where there are upstreams to
   * ask, and else the answer is a referral.
   */
  answer(query: QueryView): Bytes | undefined {
    if (this.byOrigin.size === 0) return undefined
    const reader = new WireReader(query.bytes)
    reader.offset = headerBytes
    const name = reader.name()
    const zone = this.closest(toLower(name))
    if (zone === undefined) return undefined
    const { additionals, answers, authorities, ...header } = lookup(zone, name, query.type)
    if (!header.isAuthoritative && this.isForwarding && query.recursionDesired) return undefined
    const message = DnsMessage.make({
      id: 0,
      isResponse: true,
      ...header,
      recursionAvailable: this.isForwarding,
      questions: [{ name, type: query.type, class: RecordCode.internet }],
      answers: answers.map(toResource),
      authorities: authorities.map(toResource),
      additionals: additionals.map(toResource)
    })
    // All of it was read from a zone file or the wire, so it fits its fields.
    return Result.getOrThrow(DnsMessage.encode(message))
  }

  private closest(name: string): Zone | undefined {
    for (let at: string | undefined = name; at !== undefined; at = parentOf(at)) {
      const zone = this.byOrigin.get(at)
      if (zone !== undefined) return zone
    }
    return undefined
  }
}

const toResource = ({ name, record, ttlSeconds }: Owned): DnsMessage.ResourceRecord => ({
  name,
  class: RecordCode.internet,
  ttlSeconds,
  data: RecordData.opaque(record.type, record.data)
})
