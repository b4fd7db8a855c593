/**
 * Drives a key-value server and proves every answer: clients write values of their own, read them
 * back, count, and run transactions, eight requests in flight.
 */
import { type Address, type IoError, Tcp, type TcpStream } from "@portico/core"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { bytesOf, isEqual } from "../../kv/src/resp/Ascii.ts"
import { request } from "../../kv/src/resp/RequestWriter.ts"
import { atOnce, type Conversation, millis } from "./Clients.ts"
import type { Measurement } from "./Measurement.ts"
import { PseudoRandom } from "./PseudoRandom.ts"

export interface Load {
  readonly clients: number
  /** Each is eight requests, sent at once. */
  readonly roundsPerClient: number
  readonly bytesPerValue: number
}

/** The server said something else than it had to. */
export class WrongReply extends Data.TaggedError("WrongReply")<{
  readonly client: number
  readonly round: number
}> {
  override get message(): string {
    return `Client ${this.client}: wrong replies in round ${this.round}`
  }
}

const join = (parts: ReadonlyArray<Uint8Array>): Uint8Array => {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

const bulk = (value: Uint8Array): Uint8Array =>
  join([bytesOf(`$${value.length}\r\n`), value, bytesOf("\r\n")])

/** Eight requests, and what must be said to them. */
const roundOf = (name: string, round: number, value: Uint8Array) => ({
  asked: join([
    request("SET", `${name}:${round % 10}`, value),
    request("GET", `${name}:${round % 10}`),
    request("MULTI"),
    request("INCR", `${name}:rounds`),
    request("RPUSH", `${name}:list`, round),
    request("LPOP", `${name}:list`),
    request("EXEC"),
    request("GET", `${name}:none`)
  ]),
  expected: join([
    bytesOf("+OK\r\n"),
    bulk(value),
    bytesOf("+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n"),
    bytesOf(`*3\r\n:${round + 1}\r\n:1\r\n`),
    bulk(bytesOf(String(round))),
    bytesOf("$-1\r\n")
  ])
})

const requestsPerRound = 8

const converse = Effect.fnUntraced(function* (
  to: Address.InetInput,
  load: Load,
  client: number
): Effect.fn.Return<Conversation, IoError.IoError | WrongReply, Scope.Scope | Tcp.Tcp> {
  const clock = yield* Clock.Clock
  const stream: TcpStream.TcpStream = yield* Tcp.connect(to)
  const random = new PseudoRandom(client + 1)
  const value = new Uint8Array(load.bytesPerValue)
  const latenciesMillis = new Float64Array(load.roundsPerClient)
  let bytesVerified = 0
  for (let round = 0; round < load.roundsPerClient; round++) {
    random.fill(value)
    const { asked, expected } = roundOf(`client-${client}`, round, value)
    const start = millis(clock)
    yield* stream.write(asked)
    const told = yield* stream.readExactly(expected.length)
    latenciesMillis[round] = millis(clock) - start
    if (!isEqual(told, expected)) return yield* new WrongReply({ client, round })
    bytesVerified += told.length
  }
  return { latenciesMillis, messages: load.roundsPerClient * requestsPerRound, bytesVerified }
}, Effect.scoped)

/** Runs the whole load; fails when a client fails or a reply is wrong. */
export const drive = (
  to: Address.InetInput,
  load: Load
): Effect.Effect<Measurement, IoError.IoError | WrongReply, Tcp.Tcp> =>
  atOnce(load.clients, (client) => converse(to, load, client))
