/**
 * Drives a DNS server that has `apps/resolver/example.zone`, and proves every answer: clients ask
 * one question after another, a quarter of them over TCP, and compare what the records say.
 */
import { type Address, DnsMessage, type IoError, RecordCode, Tcp, Udp } from "@portico/core"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Dns from "effect/net/Dns"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import { atOnce, type Conversation, millis } from "./Clients.ts"
import type { Measurement } from "./Measurement.ts"

export interface Load {
  readonly clients: number
  readonly questionsPerClient: number
}

/** The server said something else than the zone does. */
export class WrongAnswer extends Data.TaggedError("WrongAnswer")<{
  readonly question: string
  readonly expected: string
  readonly answer: string
}> {
  override get message(): string {
    return `${this.question}: expected ${this.expected}, got ${this.answer}`
  }
}

interface Question {
  readonly name: string
  readonly type: Dns.RecordType
  readonly answer: string
}

/** What the zone holds, as `describe` writes it. */
const questions: ReadonlyArray<Question> = [
  { name: "www.example.", type: "A", answer: "NOERROR A 192.0.2.1" },
  { name: "www.example.", type: "AAAA", answer: "NOERROR AAAA 2001:db8::1" },
  { name: "alias.example.", type: "A", answer: "NOERROR CNAME www.example., A 192.0.2.1" },
  { name: "a.b.any.example.", type: "A", answer: "NOERROR A 192.0.2.7" },
  { name: "_dns._udp.example.", type: "SRV", answer: "NOERROR SRV 0 0 53 ns.example." },
  { name: "no.example.", type: "A", answer: "NXDOMAIN" }
]

const codes: Readonly<Record<number, string>> = { 0: "NOERROR", 3: "NXDOMAIN" }

const describe = ({ answers, responseCode }: DnsMessage.DnsMessage): string =>
  [
    codes[responseCode] ?? String(responseCode),
    answers
      .map(({ data }) => (Dns.isDnsRecord(data) ? Dns.formatRecord(data) : "unknown"))
      .join(", ")
  ]
    .join(" ")
    .trim()

/** Asks one question, and gives the whole message that answers it. */
type Ask = (query: Uint8Array) => Effect.Effect<Uint8Array, IoError.IoError>

const overUdp = (
  to: Address.InetInput
): Effect.Effect<Ask, IoError.IoError, Scope.Scope | Udp.Udp> =>
  Effect.map(
    Udp.bind({ port: 0 }),
    (socket) => (query) =>
      Effect.andThen(
        socket.send(query, to),
        Effect.map(socket.receive, ({ bytes }) => bytes)
      )
  )

const overTcp = (
  to: Address.InetInput
): Effect.Effect<Ask, IoError.IoError, Scope.Scope | Tcp.Tcp> =>
  Effect.map(
    Tcp.connect(to),
    (stream) => (query) =>
      Effect.gen(function* () {
        yield* stream.writeAll([Uint8Array.of(query.length >> 8, query.length & 0xff), query])
        const [high, low] = yield* stream.readExactly(2)
        return yield* stream.readExactly((high! << 8) | low!)
      })
  )

const converse = Effect.fnUntraced(function* (
  to: Address.InetInput,
  load: Load,
  client: number
): Effect.fn.Return<Conversation, IoError.IoError | WrongAnswer, Scope.Scope | Tcp.Tcp | Udp.Udp> {
  const clock = yield* Clock.Clock
  const ask = yield* client % 4 === 3 ? overTcp(to) : overUdp(to)
  const latenciesMillis = new Float64Array(load.questionsPerClient)
  let bytesVerified = 0
  for (let index = 0; index < load.questionsPerClient; index++) {
    const question = questions[(client + index) % questions.length]!
    const query = encode(index & 0xffff, question)
    const start = millis(clock)
    const response = yield* ask(query)
    latenciesMillis[index] = millis(clock) - start
    yield* verify(index & 0xffff, question, response)
    bytesVerified += response.length
  }
  return { latenciesMillis, messages: load.questionsPerClient, bytesVerified }
}, Effect.scoped)

const encode = (id: number, { name, type }: Question): Uint8Array =>
  Result.getOrThrow(
    DnsMessage.encode(
      DnsMessage.make({
        id,
        recursionDesired: true,
        questions: [{ name, type: RecordCode.of(type), class: RecordCode.internet }]
      })
    )
  )

export const verify = (
  id: number,
  { answer: expected, name, type }: Question,
  response: Uint8Array
): Effect.Effect<void, WrongAnswer> => {
  const decoded = DnsMessage.decode(response)
  const answer = Result.match(decoded, {
    onSuccess: (message) => (message.id === id ? describe(message) : `the id ${message.id}`),
    onFailure: ({ message }) => message
  })
  if (answer === expected) return Effect.void
  return new WrongAnswer({ question: `${name} ${type}`, expected, answer })
}

/** Runs the whole load; fails when a client fails or an answer is wrong. */
export const drive = (
  to: Address.InetInput,
  load: Load
): Effect.Effect<Measurement, IoError.IoError | WrongAnswer, Tcp.Tcp | Udp.Udp> =>
  atOnce(load.clients, (client) => converse(to, load, client))
