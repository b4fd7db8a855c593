/**
 * What to do with a query: answer it now, ask the upstreams, or drop it.
 *
 * All of it is synchronous and waits for nothing, so the sockets' fibers answer what is known
 * without a step of their own; what has to be asked is a `Flight`, which somebody must launch.
 */
import { RecordCode, ResponseCode } from "@portico/core"
import { AnswerCache, type CacheOptions } from "./AnswerCache.ts"
import { type Flight, Flights } from "./Flights.ts"
import { Statistics, type Transport } from "./Statistics.ts"
import { AnswerWriter, type WriterOptions } from "./wire/AnswerWriter.ts"
import type { Bytes } from "./wire/Octets.ts"
import { PreparedAnswer } from "./wire/PreparedAnswer.ts"
import { QueryView, type Reading } from "./wire/QueryView.ts"
import type { Zones } from "./zone/Zones.ts"

/** Over TCP a length has 16 bits. */
const tcpBytesMax = 65_535

const authoritativeBit = 0x04
const truncatedBit = 0x02

/** IXFR and AXFR: whole zones, which nobody gets (RFC 5936). */
const transfers = new Set([251, 252])

export interface ResponderOptions extends WriterOptions {
  readonly cache: CacheOptions
  readonly zones: Zones
  /** Queries that may wait for an upstream at once. */
  readonly queriesMax: number
  /** Any 32 bits. */
  readonly seed: number
}

/** An answer, over UDP valid until the next `reset`; what to wait for; or nothing to do. */
export type Response = Bytes | "Miss" | "Dropped"

export class Responder {
  readonly statistics = new Statistics()
  readonly cache: AnswerCache
  readonly flights: Flights
  private readonly zones: Zones
  private readonly isForwarding: boolean
  private readonly writers: { readonly [transport in Transport]: AnswerWriter }
  private readonly query: QueryView

  constructor(options: ResponderOptions) {
    this.cache = new AnswerCache(options.cache)
    this.flights = new Flights(options.queriesMax)
    this.zones = options.zones
    this.isForwarding = options.isForwarding
    this.writers = { udp: new AnswerWriter(options, true), tcp: new AnswerWriter(options, false) }
    this.query = new QueryView(options.seed)
  }

  /** UDP's answers given before may be overwritten from now on. */
  reset(): void {
    this.writers.udp.reset()
  }

  /** `bytes` is one message; `seconds` is on a clock that does not go backwards. */
  respond(bytes: Bytes, transport: Transport, seconds: number): Response {
    const { query, statistics } = this
    statistics.queries[transport]++
    const reading = query.read(bytes)
    if (reading !== "Query") return this.refuse(reading, this.writers[transport])
    const cached = this.cache.find(query, seconds)
    // Whoever asks a cache without recursion asks what others have asked.
    if (cached !== undefined && (query.recursionDesired || cached.lifetimeSeconds === Infinity)) {
      statistics.cacheHits++
      return this.answer(cached, transport, this.writers[transport])
    }
    return this.find(transport, seconds)
  }

  private refuse(reading: Exclude<Reading, "Query">, writer: AnswerWriter): Response {
    const { statistics } = this
    switch (reading) {
      case "Short":
        statistics.dropped.short++
        return "Dropped"
      case "Response":
        statistics.dropped.response++
        return "Dropped"
      case "Malformed":
        return this.refusal(ResponseCode.formatError, writer)
      case "UnknownOpcode":
        return this.refusal(ResponseCode.notImplemented, writer)
      case "UnknownVersion":
        return this.refusal(ResponseCode.badVersion, writer)
    }
  }

  private find(transport: Transport, seconds: number): Response {
    const { query, statistics } = this
    const writer = this.writers[transport]
    if (query.class !== RecordCode.internet || transfers.has(query.type)) {
      return this.refusal(ResponseCode.refused, writer)
    }
    const known = this.zones.answer(query)
    if (known !== undefined) {
      const answer = PreparedAnswer.fixed(known)
      // A referral is only for those who ask without recursion.
      if ((known[2]! & authoritativeBit) !== 0) this.cache.keep(query, answer, seconds)
      statistics.fromZones++
      return this.answer(answer, transport, writer)
    }
    if (!this.isForwarding || !query.recursionDesired) {
      return this.refusal(ResponseCode.refused, writer)
    }
    statistics.cacheMisses++
    return "Miss"
  }

  /**
   * Lets the query that `respond` has just given `Miss` for wait for its answer: `deliver` is
   * called once, later, with bytes of its own. Gives an answer at once when too many wait.
   */
  enlist(transport: Transport, deliver: (answer: Bytes) => void): Bytes | undefined {
    const { flights, query, statistics } = this
    const outcome = flights.board(query, { bytes: query.bytes, transport, deliver })
    if (outcome === "Full") {
      statistics.overloaded++
      return this.refusal(ResponseCode.serverFailure, this.writers[transport])
    }
    if (outcome === "Joined") statistics.joined++
    return undefined
  }

  /** Ends a flight: keeps its answer, and gives it to all that wait; undefined is a failure. */
  land(flight: Flight, found: PreparedAnswer | undefined, seconds: number): void {
    const { cache, query } = this
    const answer = found ?? PreparedAnswer.failed(flight.question.bytes)
    let isKept = false
    for (const { bytes, deliver, transport } of this.flights.land(flight)) {
      query.read(bytes)
      if (!isKept) cache.keep(query, answer, seconds)
      isKept = true
      deliver(this.answer(answer, transport, this.writers.tcp))
    }
  }

  private answer(prepared: PreparedAnswer, transport: Transport, writer: AnswerWriter): Bytes {
    const { query, statistics } = this
    statistics.answers[prepared.responseCode]!++
    const bytesMax = transport === "udp" ? writer.udpLimit(query) : tcpBytesMax
    const answer = writer.answer(query, prepared, bytesMax)
    if ((answer[2]! & truncatedBit) !== 0) statistics.truncated++
    return answer
  }

  private refusal(code: number, writer: AnswerWriter): Bytes {
    this.statistics.answers[code]!++
    return writer.refusal(this.query, code)
  }
}
