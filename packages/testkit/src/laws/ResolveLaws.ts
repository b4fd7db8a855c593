/** Laws of asking name servers: records, TTLs, tries, and what is no answer. */
import { DnsMessage, EventLoop, IoError, RecordCode, Resolver, ResponseCode } from "@portico/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Dns from "effect/net/Dns"
import * as NetAddress from "effect/net/NetAddress"
import * as Result from "effect/Result"
import { deadPort } from "../Datagrams.ts"
import { equals, equalsAll, failsWith, isTrue, rejects } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import {
  bothWaysServer,
  type LawNameServer,
  nameServer,
  record,
  type Reply,
  responseTo
} from "../NameServers.ts"
import { eventually, settle } from "../Turns.ts"
import { domain, samples } from "./RecordSamples.ts"

const name = "host.example."
const address = (last: number) => ({ address: NetAddress.ipv4FromBytesUnsafe(ip(last)) })
const ip = (last: number) => Uint8Array.of(192, 0, 2, last)
const host = (last: number, ttlSeconds?: number) => record(name, "A", address(last), ttlSeconds)

/** A resolver that asks these servers; patient enough for a busy machine. */
const asking = (servers: ReadonlyArray<LawNameServer>, options = {}) =>
  Effect.flatMap(Resolver.Resolver, (resolver) =>
    resolver.configure({
      servers: servers.map((server) => server.address),
      timeout: "1 second",
      ...options
    })
  )

/** Asks one server for the address of `name`, once. */
const askingOne = (
  answer: (query: DnsMessage.DnsMessage) => Reply,
  timeout: Duration.Input = "1 second"
) =>
  Effect.flatMap(nameServer(answer), (server) =>
    Effect.flatMap(asking([server], { tries: 1, timeout }), (resolver) =>
      resolver.resolve(name, "A")
    )
  )

const failed = (responseCode: number) =>
  nameServer((query) => [responseTo(query, { responseCode })])

const reasons = (error: IoError.IoError): ReadonlyArray<string> =>
  error.cause instanceof AggregateError
    ? error.cause.errors.map((one: unknown) => (IoError.isIoError(one) ? one.reason._tag : "?"))
    : []

const octetsOf = (answer: { readonly records: ReadonlyArray<{ record: Dns.A }> }) =>
  answer.records.map(({ record: one }) => NetAddress.ipv4ToOctets(one.address)[3])

export const ResolveLaws = lawGroup("Asking name servers", [
  law("DNS-20", "records of every type come as the server has them", function* () {
    const server = yield* nameServer((query) => {
      const type = RecordCode.toType(query.questions[0]!.type)!
      return [responseTo(query, { answers: [record(name, type, samples[type])] })]
    })
    const resolver = yield* asking([server])
    for (const type of Dns.recordTypes) {
      const { records } = yield* resolver.resolve(name, type)
      const expected = Dns.makeRecordUnsafe(type, samples[type])
      const [first] = records.map((one) => Dns.formatRecord(one.record))
      yield* equals(first, Dns.formatRecord(expected), type)
    }
  }),

  law("DNS-21", "strings of one TXT record stay together and apart", function* () {
    const server = yield* nameServer((query) => [
      responseTo(query, { answers: [record(name, "TXT", { chunks: ["hi", "you"] })] })
    ])
    const { records } = yield* (yield* asking([server])).resolve(name, "TXT")
    yield* equals(records.length, 1, "records")
    yield* equalsAll(records[0].record.chunks, ["hi", "you"], "chunks")
  }),

  law("DNS-22", "TTLs are the wire's, and an answer's is the least on its way", function* () {
    const alias = record("alias.example.", "CNAME", { target: domain(name) }, 5)
    const server = yield* nameServer((query) => [
      responseTo(query, { answers: [alias, host(1, 30), host(2, 20)] })
    ])
    const answer = yield* (yield* asking([server])).resolve("alias.example", "A")
    const seconds = answer.records.map(({ ttl }) => Duration.toSeconds(ttl))
    yield* equalsAll(seconds, [30, 20], "TTLs")
    yield* equals(Duration.toSeconds(answer.ttl), 5, "the answer's TTL")
    yield* equals(answer.canonicalName, name, "canonical name")
    yield* equalsAll(octetsOf(answer), [1, 2], "addresses")
  }),

  law("DNS-06", "no record comes twice", function* () {
    const answer = yield* askingOne((query) => [
      responseTo(query, { answers: [host(1), host(2), host(1)] })
    ])
    yield* equalsAll(octetsOf(answer), [1, 2], "addresses")
  }),

  law("DNS-23", "that there is no such name, and no such record, are two answers", function* () {
    const soa = record("example.", "SOA", samples.SOA)
    const missing = askingOne((query) => [
      responseTo(query, { responseCode: ResponseCode.nameError, authorities: [soa] })
    ])
    const error = yield* failsWith("NameNotFound", missing)
    yield* equals(error.address, "dns:host.example?type=A", "address")
    yield* failsWith(
      "NoData",
      askingOne((query) => [responseTo(query, { authorities: [soa] })])
    )
  }),

  law("DNS-24", "a server that fails or refuses is left for the next", function* () {
    const servers = [
      yield* failed(ResponseCode.serverFailure),
      yield* failed(ResponseCode.refused),
      yield* nameServer((query) => [responseTo(query, { answers: [host(7)] })])
    ]
    const answer = yield* (yield* asking(servers)).resolve(name, "A")
    yield* equalsAll(octetsOf(answer), [7], "addresses")
    yield* equalsAll(
      servers.map(({ asked }) => asked.length),
      [1, 1, 1],
      "queries"
    )
  }),

  law("DNS-25", "when all fail, each failure is told, in order", function* () {
    const servers = [yield* failed(ResponseCode.serverFailure), yield* failed(ResponseCode.refused)]
    const resolver = yield* asking(servers, { tries: 2 })
    const error = yield* failsWith("QueryRefused", resolver.resolve(name, "A"))
    const expected = ["ServerFailure", "QueryRefused", "ServerFailure", "QueryRefused"]
    yield* equalsAll(reasons(error), expected, "causes")
  }),

  law("DNS-10", "timeout and tries are honoured", function* () {
    const server = yield* nameServer(() => [])
    const resolver = yield* asking([server], { timeout: "40 millis", tries: 3 })
    const began = yield* Clock.monotonicTimeNanos
    const error = yield* failsWith("TimedOut", resolver.resolve(name, "A"))
    const millis = Number((yield* Clock.monotonicTimeNanos) - began) / 1e6
    yield* eventually(
      "three queries",
      Effect.sync(() => server.asked.length >= 3)
    )
    yield* equals(server.asked.length, 3, "queries")
    yield* equalsAll(reasons(error), ["TimedOut", "TimedOut", "TimedOut"], "causes")
    yield* isTrue(millis >= 120, `Gave up after ${millis} ms, not 120`)
    const ids = new Set(server.asked.map(({ id }) => id))
    yield* isTrue(ids.size > 1, "Each try has the same id")
  }),

  law("DNS-26", "a server that nobody is, is left for the next", function* () {
    const port = yield* deadPort
    const good = yield* nameServer((query) => [responseTo(query, { answers: [host(1)] })])
    const dead: LawNameServer = { address: `127.0.0.1:${port}`, asked: [] }
    const resolver = yield* asking([dead, good], { timeout: "50 millis", tries: 10 })
    yield* equalsAll(octetsOf(yield* resolver.resolve(name, "A")), [1], "addresses")
  }),

  law("DNS-27", "what answers another question, or cannot be read, is passed over", function* () {
    const other = [{ name: "other.example.", type: 1, class: 1 }]
    const answer = yield* askingOne((query) => {
      const good = responseTo(query, { answers: [host(1)] })
      const forged = [host(66)]
      const bytes = Result.getOrThrow(DnsMessage.encode(good))
      return [
        responseTo(query, { id: query.id ^ 1, answers: forged }),
        responseTo(query, { questions: other, answers: forged }),
        { ...query, answers: forged },
        bytes.subarray(0, bytes.length - 1),
        Uint8Array.of(1),
        good
      ]
    })
    yield* equalsAll(octetsOf(answer), [1], "addresses")
  }),

  law("DNS-28", "a server that sends nothing but nonsense is told from a silent one", function* () {
    const nonsense = askingOne((query) => {
      const bytes = Result.getOrThrow(DnsMessage.encode(responseTo(query, { answers: [host(1)] })))
      return [bytes.subarray(0, bytes.length - 1)]
    }, "100 millis")
    // Whether the nonsense comes within that time is up to the machine, so it has five tries.
    const toldApart = Effect.retry(nonsense, {
      times: 4,
      while: ({ reason }) => reason._tag === "TimedOut"
    })
    yield* failsWith("MalformedResponse", toldApart)
  }),

  law("DNS-29", "aliases that lead in a circle end", function* () {
    const circle = askingOne((query) => [
      responseTo(query, {
        answers: [
          record(name, "CNAME", { target: domain("b.example.") }),
          record("b.example.", "CNAME", { target: domain(name) })
        ]
      })
    ])
    yield* failsWith("MalformedResponse", circle)
  }),

  law("DNS-30", "what is truncated is asked for over TCP", function* () {
    const answers = Array.from({ length: 100 }, (_, last) => host(last))
    const server = yield* bothWaysServer((query, { isOverTcp }) => {
      const whole = responseTo(query, { answers })
      return [Result.getOrThrow(DnsMessage.encode(whole, isOverTcp ? undefined : 512))]
    })
    const answer = yield* (yield* asking([server])).resolve(name, "A")
    yield* equals(answer.records.length, 100, "records")
    yield* equalsAll(
      server.asked.map(({ isOverTcp }) => isOverTcp),
      [false, true],
      "over TCP"
    )
  }),

  law("DNS-31", "a server that knows no EDNS is asked without it", function* () {
    const server = yield* nameServer((query) => [
      query.edns === undefined
        ? responseTo(query, { answers: [host(1)] })
        : DnsMessage.make({ id: query.id, isResponse: true, responseCode: 1 })
    ])
    yield* (yield* asking([server])).resolve(name, "A")
    yield* equalsAll(
      server.asked.map(({ hasEdns }) => hasEdns),
      [true, false],
      "with EDNS"
    )
  }),

  law("DNS-04", "interrupting a query returns at once and stops it", function* () {
    const server = yield* nameServer(() => [])
    const resolver = yield* asking([server], { timeout: "1 minute" })
    const loop = yield* EventLoop.EventLoop
    const before = (yield* loop.handles).length
    const fiber = yield* Effect.forkChild(resolver.resolve(name, "A"))
    yield* eventually(
      "a query",
      Effect.sync(() => server.asked.length === 1)
    )
    yield* equals((yield* loop.handles).length, before + 1, "handles while it asks")
    yield* Fiber.interrupt(fiber)
    yield* equals((yield* loop.handles).length, before, "handles afterwards")
    yield* settle
    yield* equals(server.asked.length, 1, "queries")
  }),

  law("DNS-32", "no more than queriesMax are under way, the others wait", function* () {
    const held: Array<() => void> = []
    const server = yield* nameServer(() => {
      held.push(() => {})
      return []
    })
    const resolver = yield* asking([server], { queriesMax: 2, timeout: "1 minute" })
    const fibers = yield* Effect.forEach([1, 2, 3, 4], () =>
      Effect.forkChild(resolver.resolve(name, "A"))
    )
    yield* eventually(
      "two queries",
      Effect.sync(() => held.length === 2)
    )
    yield* settle
    yield* equals(held.length, 2, "queries under way")
    yield* Fiber.interrupt(fibers[0]!)
    yield* eventually(
      "the third query",
      Effect.sync(() => held.length === 3)
    )
    yield* Fiber.interruptAll(fibers)
  }),

  law("DNS-33", "the names of an address are its PTR records", function* () {
    const server = yield* nameServer((query) => [
      responseTo(query, {
        answers: [record(query.questions[0]!.name, "PTR", { host: "a printer.example." }, 9)]
      })
    ])
    const { names } = yield* (yield* asking([server])).reverse("192.0.2.7")
    yield* equalsAll(names, ["a printer.example."], "names")
    yield* equals(server.asked[0]?.name, "7.2.0.192.in-addr.arpa.", "name asked for")
  }),

  law(
    "DNS-34",
    "options and names out of their bounds are refused, and nobody is asked",
    function* () {
      const resolver = yield* Resolver.Resolver
      yield* rejects("servers", resolver.configure({ servers: ["ns.example"] }))
      yield* rejects("servers", resolver.configure({ servers: ["127.0.0.1:65536"] }))
      yield* rejects("servers.length", resolver.configure({ servers: [] }))
      yield* rejects("timeout", resolver.configure({ timeout: 0 }))
      yield* rejects("tries", resolver.configure({ tries: 11 }))
      yield* rejects("queriesMax", resolver.configure({ queriesMax: 0 }))
      yield* rejects("cache.entriesMax", resolver.configure({ cache: { entriesMax: 0 } }))
      const server = yield* nameServer(() => [])
      const own = yield* asking([server])
      yield* rejects("name", own.resolve("a..b", "A"))
      yield* rejects("name", own.resolve("127.0.0.1", "A"))
      yield* rejects("type", own.resolve(name, "ANY" as "A"))
      yield* rejects("address", own.reverse("host.example"))
      yield* equals(server.asked.length, 0, "queries")
    }
  )
])
