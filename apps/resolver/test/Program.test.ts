import { ResponseCode } from "@portico/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import * as NameServer from "./NameServer.ts"
import { a, addresses, encoded, query, question, soa } from "./Wire.ts"
import { ask, client, inEveryOrder, start } from "./World.ts"

const { nameError, noError, notImplemented, refused, serverFailure } = ResponseCode

const one = "192.0.2.1"
const other = "192.0.2.2"

/** Says the same address of every name. */
const says =
  (address: string, ttlSeconds = 300): NameServer.Behaviour =>
  ({ questions: [asked] }) => ({ answers: [a(asked!.name, address, ttlSeconds)] })

const fails: NameServer.Behaviour = () => ({ responseCode: serverFailure })

const ttlOf = ({ answers }: { readonly answers: ReadonlyArray<{ ttlSeconds: number }> }) =>
  answers[0]!.ttlSeconds

const millis = Clock.currentTimeMillis

describe("the cache", () => {
  it("asks an upstream once, counts the TTL down, and asks again when it is over", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const upstream = yield* NameServer.serve(1053, says(one, 300))
        yield* start([1053])
        const first = yield* ask(query("www.example."))
        expect(addresses(first)).toStrictEqual([one])
        expect(first).toMatchObject({ id: 7, recursionAvailable: true, isAuthoritative: false })
        expect(ttlOf(first)).toBe(300)
        yield* Effect.sleep("100 seconds")
        const second = yield* ask(query("WWW.example.", "A", { id: 8 }))
        expect(second.id).toBe(8)
        // The client's own letters come back.
        expect(second.questions).toStrictEqual([question("WWW.example.")])
        expect(ttlOf(second)).toBeGreaterThanOrEqual(199)
        expect(ttlOf(second)).toBeLessThanOrEqual(200)
        expect(upstream.queries).toHaveLength(1)
        yield* Effect.sleep("201 seconds")
        expect(ttlOf(yield* ask(query("www.example.")))).toBe(300)
        expect(upstream.queries).toHaveLength(2)
      })
    ))

  it("keeps that there is nothing for as long as the SOA record says (RFC 2308)", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const upstream = yield* NameServer.serve(1053, () => ({
          responseCode: nameError,
          authorities: [soa("example.", 3_600, 60)]
        }))
        yield* start([1053])
        const first = yield* ask(query("no.example."))
        expect(first.responseCode).toBe(nameError)
        expect(first.authorities[0]!.ttlSeconds).toBe(60)
        yield* Effect.sleep("50 seconds")
        const second = yield* ask(query("no.example."))
        expect(second.responseCode).toBe(nameError)
        expect(second.authorities[0]!.ttlSeconds).toBeLessThanOrEqual(10)
        expect(upstream.queries).toHaveLength(1)
        yield* Effect.sleep("11 seconds")
        yield* ask(query("no.example."))
        expect(upstream.queries).toHaveLength(2)
      })
    ))

  it.for([
    ["a denial without a SOA record", () => ({ responseCode: nameError })],
    ["a TTL of 0", says(one, 0)]
  ] as const)("keeps nothing of %s", ([, behave]) =>
    inEveryOrder(
      Effect.gen(function* () {
        const upstream = yield* NameServer.serve(1053, behave)
        yield* start([1053])
        yield* ask(query("www.example."))
        yield* ask(query("www.example."))
        expect(upstream.queries).toHaveLength(2)
      })
    )
  )

  it("is bounded: entries that were used last longer than those that were not", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const upstream = yield* NameServer.serve(1053, says(one))
        const server = yield* start([1053], { cacheEntriesMax: 4 })
        for (let count = 0; count < 50; count++) {
          yield* ask(query("often.example."))
          yield* ask(query(`${count}.example.`))
          expect(server.responder.cache.size).toBeLessThanOrEqual(4)
        }
        expect(upstream.queries).toHaveLength(51)
      }),
      3
    ))

  it("caps what an upstream says", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* NameServer.serve(1053, says(one, 1_000_000))
        yield* start([1053], { ttlMax: Duration.minutes(1) })
        expect(ttlOf(yield* ask(query("www.example.")))).toBe(60)
      })
    ))

  it("gives what it knows only to those who ask for recursion", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* NameServer.serve(1053, says(one))
        yield* start([1053])
        yield* ask(query("www.example."))
        const snooping = query("www.example.", "A", { recursionDesired: false })
        expect((yield* ask(snooping)).responseCode).toBe(refused)
      })
    ))
})

describe("several who ask", () => {
  it("the same are asked for once, and each gets his own answer", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const upstream = yield* NameServer.serve(1053, says(one), 100)
        const server = yield* start([1053])
        const asking = Array.from({ length: 50 }, (_, id) =>
          ask(query("www.example.", "A", { id }))
        )
        const answers = yield* Effect.all(asking, { concurrency: "unbounded" })
        expect(answers.map(({ id }) => id)).toStrictEqual(asking.map((_, id) => id))
        expect(upstream.queries).toHaveLength(1)
        expect(server.responder.statistics.joined).toBe(49)
        expect(server.responder.flights).toMatchObject({ queries: 0, questions: 0 })
      })
    ))

  it("beyond the bound are told at once", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* NameServer.serve(1053, says(one), 100)
        const server = yield* start([1053], { queriesMax: 3 })
        const asking = Array.from({ length: 5 }, (_, id) => ask(query(`${id}.example.`)))
        const answers = yield* Effect.all(asking, { concurrency: "unbounded" })
        const codes = answers.map(({ responseCode }) => responseCode).toSorted((x, y) => x - y)
        expect(codes).toStrictEqual([noError, noError, noError, serverFailure, serverFailure])
        expect(server.responder.statistics.overloaded).toBe(2)
      })
    ))
})

describe("failover", () => {
  it("passes over an upstream that is silent, and remembers it for a while", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const dead = yield* NameServer.serve(1053, () => undefined)
        yield* NameServer.serve(1054, says(other))
        yield* start([1053, 1054])
        const began = yield* millis
        expect(addresses(yield* ask(query("a.example.")))).toStrictEqual([other])
        expect((yield* millis) - began).toBeLessThan(1_100)
        const again = yield* millis
        expect(addresses(yield* ask(query("b.example.")))).toStrictEqual([other])
        expect((yield* millis) - again).toBeLessThan(10)
        expect(dead.queries).toHaveLength(1)
        yield* Effect.sleep("30 seconds")
        // One question tries it again; the others do not wait for that.
        const late = yield* millis
        const both = yield* Effect.all(
          [
            ask(query("c.example.")),
            Effect.delay(Effect.timed(ask(query("d.example."))), "10 millis")
          ],
          { concurrency: 2 }
        )
        expect((yield* millis) - late).toBeGreaterThanOrEqual(1_000)
        expect(Duration.toMillis(both[1][0])).toBeLessThan(10)
        expect(dead.queries).toHaveLength(2)
      })
    ))

  it("passes over an upstream that is not there, at once", () =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* NameServer.serve(1054, says(other))
        const { upstreams } = yield* start([1053, 1054])
        const began = yield* millis
        expect(addresses(yield* ask(query("a.example.")))).toStrictEqual([other])
        expect((yield* millis) - began).toBeLessThan(10)
        expect(upstreams.all[0]!.counters.unreachable).toBe(1)
      })
    ))

  it.for([serverFailure, refused, notImplemented])(
    "asks the next after response code %s, and the first again the next time",
    (responseCode) =>
      inEveryOrder(
        Effect.gen(function* () {
          const first = yield* NameServer.serve(1053, () => ({ responseCode }))
          yield* NameServer.serve(1054, says(other))
          yield* start([1053, 1054])
          expect(addresses(yield* ask(query("a.example.")))).toStrictEqual([other])
          const before = first.queries.length
          expect(addresses(yield* ask(query("b.example.")))).toStrictEqual([other])
          expect(first.queries.length).toBeGreaterThan(before)
        })
      )
  )

  it("says SERVFAIL when all fail, and does not ask again for a second (RFC 9520)", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const upstream = yield* NameServer.serve(1053, fails)
        yield* start([1053, 1055])
        expect((yield* ask(query("a.example."))).responseCode).toBe(serverFailure)
        const { length } = upstream.queries
        expect((yield* ask(query("a.example."))).responseCode).toBe(serverFailure)
        expect(upstream.queries).toHaveLength(length)
        yield* Effect.sleep("3 seconds")
        yield* ask(query("a.example."))
        expect(upstream.queries.length).toBeGreaterThan(length)
      })
    ))

  it("says SERVFAIL within 10 seconds when all are silent", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const ports = [1053, 1054, 1055]
        for (const port of ports) yield* NameServer.serve(port, () => undefined)
        yield* start(ports, { upstreamTimeout: Duration.seconds(5) })
        const began = yield* millis
        expect((yield* ask(query("a.example."))).responseCode).toBe(serverFailure)
        expect((yield* millis) - began).toBeLessThan(10_010)
      })
    ))
})

describe("an answer that is not the upstream's own", () => {
  const forged: ReadonlyArray<readonly [string, NameServer.Behaviour]> = [
    [
      "another id",
      ({ id, questions }) => ({ id: id ^ 1, answers: [a(questions[0]!.name, other)] })
    ],
    [
      "another name",
      () => ({ questions: [question("evil.example.")], answers: [a("www.example.", other)] })
    ],
    ["another type", () => ({ questions: [question("www.example.", "AAAA")] })],
    ["no question", () => ({ questions: [] })],
    ["a query's flags", () => ({ isResponse: false, answers: [a("www.example.", other)] })],
    ["half a message", ({ id }) => Uint8Array.of(id >> 8, id & 0xff, 0x81, 0x80, 0, 1, 0, 1)]
  ]

  it.for(forged)("is passed over: %s", ([, behave]) =>
    inEveryOrder(
      Effect.gen(function* () {
        yield* NameServer.serve(1053, (asked, transport) => [
          behave(asked, transport) as NameServer.Answer,
          says(one)(asked, transport) as NameServer.Answer
        ])
        const { upstreams } = yield* start([1053])
        expect(addresses(yield* ask(query("www.example.")))).toStrictEqual([one])
        expect(upstreams.all[0]!.counters.unmatched).toBe(1)
      })
    )
  )

  it("is passed over when it comes from somebody else, who knows id, port and question", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const upstream = yield* NameServer.serve(1053, says(one), 100)
        yield* start([1053])
        const stranger = yield* client
        const asking = yield* Effect.forkChild(ask(query("www.example.")))
        yield* Effect.sleep("50 millis")
        const { id, questions } = upstream.queries[0]!
        const forgery = encoded({
          ...query("www.example.", "A", { id, isResponse: true, questions }),
          answers: [a("www.example.", other)]
        })
        yield* stranger.socket.send(forgery, { port: upstream.ports[0]! })
        expect(addresses(yield* Fiber.join(asking))).toStrictEqual([one])
      })
    ))

  it("has to guess a port and an id that are drawn anew each time", () =>
    inEveryOrder(
      Effect.gen(function* () {
        const upstream = yield* NameServer.serve(1053, says(one))
        yield* start([1053])
        for (let count = 0; count < 40; count++) yield* ask(query(`${count}.example.`))
        expect(new Set(upstream.queries.map(({ id }) => id)).size).toBeGreaterThan(35)
        expect(new Set(upstream.ports).size).toBeGreaterThan(35)
      }),
      3
    ))
})
