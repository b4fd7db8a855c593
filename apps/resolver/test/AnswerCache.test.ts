import { describe, expect, it } from "vitest"
import { AnswerCache } from "../src/AnswerCache.ts"
import { PreparedAnswer } from "../src/wire/PreparedAnswer.ts"
import { QueryView } from "../src/wire/QueryView.ts"
import { a, addresses, decoded, edns, encoded, query, soa } from "./Wire.ts"
import type { DnsMessage } from "@portico/core"

const viewOf = (message: DnsMessage.DnsMessage, seed = 1): QueryView => {
  const view = new QueryView(seed)
  expect(view.read(encoded(message))).toBe("Query")
  return view
}

const bounds = { positiveSecondsMax: 1_000, negativeSecondsMax: 100 }

/** An upstream's answer to a query, with these fields. */
const answerTo = (asked: DnsMessage.DnsMessage, fields: Partial<DnsMessage.DnsMessage>) =>
  PreparedAnswer.received(
    encoded({ ...asked, isResponse: true, edns: undefined, ...fields }),
    bounds
  )

const www = query("www.example.")
const answer = (address: string, ttl = 60) =>
  answerTo(www, { answers: [a("www.example.", address, ttl)] })

const cacheOf = (entriesMax = 100, bytesMax = 100_000) => new AnswerCache({ entriesMax, bytesMax })

const found = (cache: AnswerCache, view: QueryView, seconds: number) => {
  const prepared = cache.find(view, seconds)
  return prepared && addresses(decoded(prepared.message))
}

describe("the cache", () => {
  it("finds a question in any letters, and no other one, type, or flag", () => {
    const cache = cacheOf()
    cache.keep(viewOf(www), answer("192.0.2.1"), 0)
    expect(found(cache, viewOf(query("WwW.ExAmPlE.")), 0)).toEqual(["192.0.2.1"])
    for (const other of [
      query("www.example.com."),
      query("wwx.example."),
      query("www.example.", "AAAA"),
      query("www.example.", "A", { checkingDisabled: true }),
      query("www.example.", "A", { edns: { ...edns(), dnssecOk: true } })
    ]) {
      expect(found(cache, viewOf(other), 0)).toBe(undefined)
    }
  })

  it("does not take type and class for letters: MX is not Mx", () => {
    const view = viewOf(www)
    const question = view.question()
    const type = question.length - 3
    question[type] = 0x41
    const bytes = view.bytes.slice()
    bytes[12 + type] = 0x61
    const other = new QueryView(1)
    other.read(bytes)
    expect(other.asks(question)).toBe(false)
  })

  it("gives nobody the answer to another question with the same hash", () => {
    const cache = cacheOf()
    const first = viewOf(www)
    const second = viewOf(query("other.example."))
    second.hash = first.hash
    cache.keep(first, answer("192.0.2.1"), 0)
    expect(found(cache, second, 0)).toBe(undefined)
    cache.keep(second, answer("192.0.2.2"), 0)
    expect(found(cache, first, 0)).toBe(undefined)
    expect(found(cache, second, 0)).toEqual(["192.0.2.2"])
    expect(cache.size).toBe(1)
  })

  it("draws other hashes with another seed", () => {
    expect(viewOf(www, 1).hash).not.toBe(viewOf(www, 2).hash)
  })

  it("keeps to its bytes, and gives back those of what is gone", () => {
    const cache = cacheOf(1_000, 20_000)
    for (let count = 0; count < 200; count++) {
      cache.keep(viewOf(query(`${count}.example.`)), answer("192.0.2.1"), 0)
      expect(cache.bytes).toBeLessThanOrEqual(20_000)
    }
    expect(cache.size).toBeGreaterThan(10)
    for (let count = 0; count < 200; count++) cache.find(viewOf(query(`${count}.example.`)), 60)
    expect(cache).toMatchObject({ size: 0, bytes: 0 })
    const tiny = cacheOf(10, 100)
    tiny.keep(viewOf(www), answer("192.0.2.1"), 0)
    expect(tiny).toMatchObject({ size: 0, bytes: 0 })
  })

  it("forgets in its last second, and tells the seconds that are left until then", () => {
    const cache = cacheOf()
    const view = viewOf(www)
    cache.keep(view, answer("192.0.2.1", 60), 1_000)
    const ttlAt = (seconds: number) => {
      const prepared = cache.find(view, seconds)
      return prepared && decoded(prepared.message).answers[0]!.ttlSeconds
    }
    expect([1_000, 1_001, 1_059, 1_060].map(ttlAt)).toEqual([60, 59, 1, undefined])
  })
})

describe("how long an answer may be kept", () => {
  const nxdomain = { responseCode: 3 }
  it.for([
    ["the least TTL", { answers: [a("x.", "192.0.2.1", 50), a("x.", "192.0.2.2", 40)] }, 40],
    ["at most the bound", { answers: [a("x.", "192.0.2.1", 5_000)] }, 1_000],
    ["the SOA's minimum", { ...nxdomain, authorities: [soa("example.", 90, 30)] }, 30],
    ["the SOA's TTL", { ...nxdomain, authorities: [soa("example.", 20, 30)] }, 20],
    ["at most the other bound", { ...nxdomain, authorities: [soa("example.", 900, 900)] }, 100],
    ["of no data, too", { authorities: [soa("example.", 90, 30)] }, 30],
    ["not without a SOA", nxdomain, 0],
    ["not when it is no data without a SOA", {}, 0],
    ["not when it failed", { responseCode: 2, answers: [a("x.", "192.0.2.1", 50)] }, 0]
  ] as const)("%s", ([, fields, seconds]) => {
    expect(answerTo(www, fields).lifetimeSeconds).toBe(seconds)
  })
})
