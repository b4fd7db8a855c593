/**
 * Mutated packets by seed, 100,000 of them, or as many as `FUZZ_PACKETS` says (nightly:
 * 10,000,000): queries to the server, over UDP and TCP, and answers of upstreams. A failure names
 * its seed, which replays it.
 */
import { DnsMessage } from "@portico/core"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { SeededDraws } from "../../../packages/core/test/SeededDraws.ts"
import type { Flight } from "../src/Flights.ts"
import { Responder } from "../src/Responder.ts"
import { bytesOf, judge } from "../src/upstream/UpstreamQuery.ts"
import { PreparedAnswer } from "../src/wire/PreparedAnswer.ts"
import { Zone } from "../src/zone/Zone.ts"
import { Zones } from "../src/zone/Zones.ts"
import { mutate } from "./Mutation.ts"
import { a, edns, encoded, query, soa, txt } from "./Wire.ts"

const packets = Number(process.env["FUZZ_PACKETS"] ?? 100_000)
const seeds = 10
const queriesMax = 100
const udpBytesMax = 1_232
const entriesMax = 200

const zoneText = `$ORIGIN zone.example.
$TTL 60
@ SOA ns admin 1 2 3 4 5
www A 192.0.2.1
*.any TXT "${"x".repeat(200)}" "${"y".repeat(200)}" "${"z".repeat(200)}"
`

const queries = [
  query("www.zone.example."),
  query("a.b.any.zone.example.", "TXT"),
  query("a.b.any.zone.example.", "TXT", { edns: edns() }),
  query("no.zone.example.", "MX", {
    edns: { ...edns(), options: [{ code: 10, bytes: zeros(8) }] }
  }),
  query("www.example.", "A", { edns: { ...edns(4_096), dnssecOk: true } }),
  query("WWW.example.com.", "AAAA", { checkingDisabled: true }),
  query(".", "NS"),
  query("x.example.", "A", { additionals: [a("y.example.", "192.0.2.1")], edns: edns(512) })
].map((message) => encoded(message))

function zeros(length: number): Uint8Array {
  return new Uint8Array(length)
}

/** What an upstream says of the question, before it is mutated. */
const answersTo = (name: string): ReadonlyArray<Partial<DnsMessage.DnsMessage>> => [
  { answers: [a(name, "192.0.2.1"), a(name, "192.0.2.2", 0)] },
  { responseCode: 3, authorities: [soa("example.", 300, 60)] },
  { answers: [txt(name, 7)], additionals: [a("ns.example.", "192.0.2.3")], edns: edns() },
  { responseCode: 2 }
]

class Rig {
  readonly responder: Responder
  awaited = 0
  delivered = 0
  landed = 0
  readonly draws: SeededDraws
  private readonly airborne: Array<Flight> = []

  constructor(seed: number) {
    this.draws = new SeededDraws(seed)
    this.responder = new Responder({
      cache: { entriesMax, bytesMax: 200_000 },
      zones: new Zones([Result.getOrThrow(Zone.parse(zoneText, "fuzz.zone"))], true),
      isForwarding: true,
      queriesMax,
      udpBytesMax,
      seed
    })
  }

  /** What is wrong with how a packet was taken; undefined when nothing is. */
  take(packet: Uint8Array, seconds: number): string | undefined {
    const { draws, responder } = this
    const before = packet.slice()
    const transport = draws.below(2) === 0 ? "udp" : "tcp"
    responder.reset()
    let response = responder.respond(packet, transport, seconds)
    if (response === "Miss") {
      const deliver = (answer: Uint8Array) => {
        this.delivered++
        const flaw = flawOf(before, answer, transport)
        if (flaw !== undefined) throw new Error(flaw)
      }
      response = responder.enlist(transport, deliver) ?? "Miss"
      if (response === "Miss") this.awaited++
    }
    this.airborne.push(...responder.flights.take())
    if (packet.some((byte, at) => byte !== before[at])) return "its bytes were changed"
    return typeof response === "string" ? undefined : flawOf(before, response, transport)
  }

  /** An upstream answers the oldest question, or fails it. */
  landOne(seconds: number): void {
    const flight = this.airborne.shift()
    if (flight === undefined) return
    const { draws } = this
    const sent = { id: 7, question: flight.question, hasEdns: draws.below(2) === 0 }
    const asked = Result.getOrThrow(DnsMessage.decode(bytesOf(sent)))
    const fields = draws.oneOf(answersTo(asked.questions[0]!.name))
    const whole = encoded({ ...asked, isResponse: true, edns: undefined, ...fields })
    const bytes = draws.below(4) === 0 ? whole : mutate(draws, whole)
    const isAnswer = judge(sent, bytes)._tag === "Answers"
    if (isAnswer) this.landed++
    const bounds = { positiveSecondsMax: 60, negativeSecondsMax: 30 }
    const answer = isAnswer ? PreparedAnswer.received(bytes, bounds) : undefined
    this.responder.land(flight, answer, seconds)
  }
}

const flawOf = (asked: Uint8Array, answer: Uint8Array, transport: string): string | undefined => {
  if (answer.length > (transport === "udp" ? udpBytesMax : 65_535)) return "it is too long"
  if (answer[0] !== asked[0] || answer[1] !== asked[1]) return "it has another id"
  const decoded = DnsMessage.decode(answer)
  if (Result.isFailure(decoded)) return decoded.failure.message
  if (!decoded.success.isResponse) return "it is no response"
  const [question] = decoded.success.questions
  if (question === undefined) return undefined
  const end = encoded(DnsMessage.make({ id: 0, questions: [question] })).length
  return answer.subarray(12, end).some((byte, at) => byte !== asked[12 + at])
    ? "it repeats another question"
    : undefined
}

describe("mutated packets are answered, refused or dropped, and nothing else", () => {
  const perSeed = Math.ceil(packets / seeds)
  const timeout = Math.max(10_000, 5 * perSeed)

  it.for(Array.from({ length: seeds }, (_, seed) => seed))(
    `${perSeed} with seed %s`,
    { timeout },
    (seed) => {
      const rig = new Rig(seed)
      const { draws, responder } = rig
      let broken: string | undefined
      for (let count = 0; count < perSeed; count++) {
        const seconds = Math.floor(count / 500)
        const whole = draws.oneOf(queries)
        const packet = draws.below(8) === 0 ? whole.slice() : mutate(draws, whole)
        const flaw = rig.take(packet, seconds)
        if (flaw !== undefined) broken ??= `Packet ${count}: ${flaw}: ${packet.join(" ")}`
        if (draws.below(3) === 0) rig.landOne(seconds)
        if (responder.flights.queries > queriesMax) broken ??= `Packet ${count}: too many wait`
      }
      expect(broken).toBe(undefined)
      const seconds = Math.floor(perSeed / 500)
      while (responder.flights.questions > 0) rig.landOne(seconds)
      // Everybody who waited was told, once, and what is kept is bounded.
      expect(rig.delivered).toBe(rig.awaited)
      expect(responder.flights.queries).toBe(0)
      expect(responder.cache.size).toBeLessThanOrEqual(entriesMax)
      expect(responder.cache.bytes).toBeLessThanOrEqual(200_000)
      // All ways were taken, or the mutations are no good.
      const { answers, cacheHits, dropped, joined } = responder.statistics
      const ways = { landed: rig.landed, cacheHits, joined, ...dropped, badVersion: answers[16] }
      const codes = Object.fromEntries([0, 1, 2, 3, 4, 5].map((code) => [code, answers[code]]))
      for (const tally of Object.entries({ ...ways, ...codes })) {
        expect(tally, "a way that was never taken").not.toContain(0)
      }
    }
  )
})
