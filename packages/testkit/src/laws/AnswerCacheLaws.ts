/** Laws of a resolver that keeps answers. */
import { Resolver, ResponseCode } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { CacheOptions } from "@portico/core/ResolverOptions"
import { equals, equalsAll, failsWith } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { type LawNameServer, nameServer, record, responseTo } from "../NameServers.ts"
import { eventually, settle } from "../Turns.ts"
import { samples } from "./RecordSamples.ts"

const caching = ({ address }: LawNameServer, cache: CacheOptions = {}) =>
  Effect.flatMap(Resolver.Resolver, (resolver) =>
    resolver.configure({ servers: [address], timeout: "1 minute", cache })
  )

const answering = (ttlSeconds = 60) =>
  nameServer((query) => {
    const { name } = query.questions[0]!
    return [responseTo(query, { answers: [record(name, "A", samples.A, ttlSeconds)] })]
  })

/** Never there, and that for as long as a SOA record says, if it says so. */
const denying = (saysHowLong: boolean) =>
  nameServer((query) => [
    responseTo(query, {
      responseCode: ResponseCode.nameError,
      authorities: saysHowLong ? [record("example.", "SOA", samples.SOA)] : []
    })
  ])

const namesAsked = ({ asked }: LawNameServer) => asked.map(({ name }) => name.split(".")[0])

const awaitAsked = ({ asked }: LawNameServer, count: number) =>
  eventually(
    `${count} queries`,
    Effect.sync(() => asked.length === count)
  )

export const AnswerCacheLaws = lawGroup("Keeping answers", [
  law(
    "DNS-50",
    "without a cache each call asks; with one, the name is asked for once",
    function* () {
      const server = yield* answering()
      const resolver = yield* caching(server)
      const first = yield* resolver.resolve("a.example", "A")
      const second = yield* resolver.resolve("A.example.", "A")
      yield* equalsAll([first.isShared, second.isShared], [false, true], "shared")
      yield* equals(server.asked.length, 1, "queries with a cache")
      const plain = yield* resolver.configure({ servers: [server.address] })
      yield* plain.resolve("a.example", "A")
      yield* plain.resolve("a.example", "A")
      yield* equals(server.asked.length, 3, "queries without")
    }
  ),

  law("DNS-51", "types are kept apart, and a TTL of none is not kept", function* () {
    const server = yield* answering(0)
    const resolver = yield* caching(server)
    yield* resolver.resolve("a.example", "A")
    yield* resolver.resolve("a.example", "A")
    yield* failsWith("NoData", resolver.resolve("a.example", "TXT"))
    yield* equals(server.asked.length, 3, "queries")
  }),

  law(
    "DNS-52",
    "that a name is not there is kept as long as the zone's SOA record says",
    function* () {
      const kept = yield* denying(true)
      const resolver = yield* caching(kept)
      yield* failsWith("NameNotFound", resolver.resolve("a.example", "A"))
      yield* failsWith("NameNotFound", resolver.resolve("a.example", "A"))
      yield* equals(kept.asked.length, 1, "queries")
      const unkept = yield* denying(false)
      const another = yield* caching(unkept)
      yield* failsWith("NameNotFound", another.resolve("a.example", "A"))
      yield* failsWith("NameNotFound", another.resolve("a.example", "A"))
      yield* equals(unkept.asked.length, 2, "queries without a SOA record")
    }
  ),

  law("DNS-53", "failures are not kept", function* () {
    let isDown = true
    const server = yield* nameServer((query) => [
      isDown
        ? responseTo(query, { responseCode: ResponseCode.serverFailure })
        : responseTo(query, { answers: [record("a.example.", "A", samples.A)] })
    ])
    const resolver = yield* caching(server)
    yield* failsWith("ServerFailure", resolver.resolve("a.example", "A"))
    isDown = false
    yield* resolver.resolve("a.example", "A")
  }),

  law("DNS-54", "beyond entriesMax the least recently used answer goes", function* () {
    const server = yield* answering()
    const resolver = yield* caching(server, { entriesMax: 2 })
    for (const name of ["a", "b", "a", "c", "a", "b"]) {
      yield* resolver.resolve(`${name}.example`, "A")
    }
    yield* equalsAll(namesAsked(server), ["a", "b", "c", "b"], "names asked for")
  }),

  law("DNS-55", "who asks what is being asked waits for that answer", function* () {
    const server = yield* answering()
    const resolver = yield* caching(server)
    const asking = Array.from({ length: 20 }, () => resolver.resolve("a.example", "A"))
    const answers = yield* Effect.all(asking, { concurrency: asking.length })
    yield* equals(server.asked.length, 1, "queries")
    yield* equals(answers.filter(({ isShared }) => !isShared).length, 1, "not shared")
  }),

  law("DNS-56", "the query goes on while anybody waits, and ends with the last", function* () {
    let silent = true
    const server = yield* nameServer((query) =>
      silent ? [] : [responseTo(query, { answers: [record("a.example.", "A", samples.A)] })]
    )
    const resolver = yield* caching(server)
    const fork = Effect.forkChild(resolver.resolve("a.example", "A"))
    const [first, second] = [yield* fork, yield* fork]
    yield* awaitAsked(server, 1)
    yield* Fiber.interrupt(first)
    yield* settle
    yield* equals(second.pollUnsafe(), undefined, "the second's exit")
    yield* Fiber.interrupt(second)
    silent = false
    // Nothing is under way any more, so this one asks.
    yield* resolver.resolve("a.example", "A")
    yield* equals(server.asked.length, 2, "queries")
  })
])
