/** Names: what name servers answer, in which order they are asked, and what needs nobody. */
import { type Answer, DnsMessage, Resolver, ResponseCode } from "@portico/core"
import {
  bothWaysServer,
  nameServer,
  record,
  type Reply,
  responseTo
} from "@portico/testkit/NameServers"
import { domain, samples } from "@portico/testkit/laws/RecordSamples"
import * as Effect from "effect/Effect"
import * as Dns from "effect/net/Dns"
import * as NetAddress from "effect/net/NetAddress"
import * as Result from "effect/Result"
import { type Program, type Say, tell } from "./Program.ts"

type Query = DnsMessage.DnsMessage
type Answering = (query: Query) => Reply

const name = "host.example."
const ipv4 = (last: number) => NetAddress.ipv4FromBytesUnsafe(Uint8Array.of(192, 0, 2, last))
const host = (last: number) => record(name, "A", { address: ipv4(last) })
const answers =
  (...records: DnsMessage.DnsMessage["answers"]): Answering =>
  (query) => [responseTo(query, { answers: records })]
const fails =
  (responseCode: number): Answering =>
  (query) => [responseTo(query, { responseCode })]
const nothing: Answering = (query) => [
  responseTo(query, { authorities: [record("example.", "SOA", samples.SOA)] })
]

/** Long enough for any machine: no answer here is lost. */
const patience = { timeout: "20 seconds", tries: 1 } as const

const asking = (servers: ReadonlyArray<Answering>) =>
  Effect.gen(function* () {
    const all = yield* Effect.forEach(servers, (answer) => nameServer(answer))
    const resolver = yield* Resolver.Resolver
    const options = { ...patience, servers: all.map(({ address }) => address) }
    const configured = yield* resolver.configure({ ...options, lookup: "dns" })
    return { resolver: configured, servers: all, options }
  })

const shown = <T extends Dns.RecordType>({ canonicalName, records }: Answer.Answer<T>) =>
  [canonicalName, ...records.map((one) => Dns.formatRecord(one.record))].join(" ")

/** Asks for one type, and tells how often each server was asked. */
const resolving = <T extends Dns.RecordType>(
  what: string,
  type: T,
  ...servers: ReadonlyArray<Answering>
): Program => ({
  name: `dns: ${what}`,
  run: (say: Say) =>
    Effect.gen(function* () {
      const { resolver, servers: asked } = yield* asking(servers)
      yield* tell(say, "resolve", resolver.resolve(name, type), shown)
      say(`asked ${asked.map((one) => one.asked.length).join(", ")}`)
    })
})

const alias = record(name, "CNAME", { target: domain("b.example.") })
const aliasBack = record("b.example.", "CNAME", { target: domain(name) })

const records: ReadonlyArray<Program> = [
  resolving("two addresses, in the server's order", "A", answers(host(2), host(1))),
  resolving("no record comes twice", "A", answers(host(1), host(1))),
  resolving("texts", "TXT", answers(record(name, "TXT", samples.TXT))),
  resolving("mail servers", "MX", answers(record(name, "MX", samples.MX))),
  resolving("services", "SRV", answers(record(name, "SRV", samples.SRV))),
  resolving(
    "an alias is followed",
    "A",
    answers(alias, record("b.example.", "A", { address: ipv4(7) }))
  ),
  resolving("aliases in a circle", "A", answers(alias, aliasBack)),
  resolving("no such name", "A", fails(ResponseCode.nameError)),
  resolving("no such record", "A", nothing),
  resolving(
    "a server that fails is left for the next",
    "A",
    fails(ResponseCode.serverFailure),
    answers(host(3))
  ),
  resolving(
    "a server that refuses, and one that fails",
    "A",
    fails(ResponseCode.refused),
    fails(ResponseCode.serverFailure)
  ),
  resolving(
    "there is no such name, so nobody else is asked",
    "A",
    fails(ResponseCode.nameError),
    answers(host(3))
  )
]

const looking = (what: string, asked: string, answer: Answering): Program => ({
  name: `dns: ${what}`,
  run: (say) =>
    Effect.gen(function* () {
      const { resolver, servers } = yield* asking([answer])
      const show = (found: Resolver.Addresses) => found.map((one) => one.host).join(" ")
      yield* tell(say, "lookup", resolver.lookup(asked, { family: 4 }), show)
      say(servers[0]!.asked.map((one) => one.name).join(" "))
    })
})

const echoed: Answering = (query) =>
  answers(record(query.questions[0]!.name, "A", { address: ipv4(9) }))(query)

const lookups: ReadonlyArray<Program> = [
  looking("a name in Unicode is asked for in ASCII", "bücher.example", echoed),
  looking("localhost is asked of nobody", "localhost", echoed),
  looking("a literal is asked of nobody", "192.0.2.200", echoed),
  looking("what is no name is asked of nobody", "no name", echoed),
  looking("a name that there is not", "gone.example", fails(ResponseCode.nameError)),
  {
    name: "dns: what is truncated is asked for over TCP",
    run: (say) =>
      Effect.gen(function* () {
        const many = Array.from({ length: 100 }, (_, last) => host(last))
        const server = yield* bothWaysServer((query, { isOverTcp }) => {
          const whole = responseTo(query, { answers: many })
          return [Result.getOrThrow(DnsMessage.encode(whole, isOverTcp ? undefined : 512))]
        })
        const resolver = yield* Resolver.Resolver
        const asked = yield* resolver.configure({ ...patience, servers: [server.address] })
        const count = ({ records: all }: Answer.Answer<"A">) => `${all.length} records`
        yield* tell(say, "resolve", asked.resolve(name, "A"), count)
        say(server.asked.map((one) => (one.isOverTcp ? "tcp" : "udp")).join(" "))
      })
  },
  {
    name: "dns: an answer that is kept is not asked for again",
    run: (say) =>
      Effect.gen(function* () {
        const { options, resolver, servers } = yield* asking([answers(host(1))])
        const keeping = yield* resolver.configure({ ...options, cache: {} })
        for (const time of ["first", "second"]) {
          yield* tell(say, time, keeping.resolve(name, "A"), ({ isShared }) => `shared ${isShared}`)
        }
        say(`asked ${servers[0]!.asked.length}`)
      })
  },
  {
    name: "dns: the names of an address",
    run: (say) =>
      Effect.gen(function* () {
        const { resolver, servers } = yield* asking([
          (query) => answers(record(query.questions[0]!.name, "PTR", samples.PTR))(query)
        ])
        yield* tell(say, "reverse", resolver.reverse("192.0.2.7"), ({ names }) => names.join(" "))
        say(servers[0]!.asked.map((one) => one.name).join(" "))
      })
  }
]

export const dns: ReadonlyArray<Program> = [...records, ...lookups]
