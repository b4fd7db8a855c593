/**
 * One question to one name server: over UDP, and over TCP for what is truncated (RFC 7766).
 *
 * Each goes out from a port and with an id of its own, both drawn at random (RFC 5452); what does
 * not come from the server, or does not answer the question, is passed over.
 */
import * as Effect from "effect/Effect"
import type * as Dns from "effect/net/Dns"
import * as Random from "effect/Random"
import * as Address from "../../Address.ts"
import type { DnsMessage } from "../../dns/DnsMessage.ts"
import { IoError } from "../../IoError.ts"
import { Reason } from "../../Reason.ts"
import { Site } from "../../Site.ts"
import type { UdpSocket } from "../../UdpSocket.ts"
import { bind } from "../udp/bind.ts"
import { connect } from "../tcp/connect.ts"
import { bytesOf, type DnsQuestion, judge, refusesEdns } from "./DnsQuestion.ts"
import type { HandleTable } from "../HandleTable.ts"
import type { NameServer } from "./NameServer.ts"

export interface Exchange {
  readonly table: HandleTable
  readonly operation: string
  readonly server: NameServer
  readonly timeoutMillis: number
  readonly name: string
  readonly type: Dns.RecordType
}

/** A server is never sent more than a few datagrams, and sends few itself. */
const receiveQueueBytes = 64 * 1024

export const exchange = (of: Exchange): Effect.Effect<DnsMessage, IoError> =>
  Effect.flatMap(ask(of, true), (message) =>
    refusesEdns(message) ? ask(of, false) : Effect.succeed(message)
  )

const ask = (of: Exchange, hasEdns: boolean): Effect.Effect<DnsMessage, IoError> =>
  Effect.flatMap(Random.next, (drawn) => {
    const id = Math.floor(drawn * 0x1_0000)
    const question: DnsQuestion = { id, name: of.name, type: of.type, hasEdns }
    return Effect.flatMap(overUdp(of, question), (message) =>
      message === "truncated" ? overTcp(of, question) : Effect.succeed(message)
    )
  })

const failure = (
  { operation, server }: Exchange,
  scheme: Address.Scheme,
  reason: Reason,
  cause?: unknown
) => new IoError({ operation, reason, address: Address.formatInput(server, scheme), cause })

/** The socket's own failures, told as the query's. */
const told = <A>(of: Exchange, scheme: Address.Scheme, effect: Effect.Effect<A, IoError>) =>
  Effect.mapError(effect, (error) =>
    error.operation === of.operation ? error : failure(of, scheme, error.reason, error.cause)
  )

const overUdp = (
  of: Exchange,
  question: DnsQuestion
): Effect.Effect<DnsMessage | "truncated", IoError> => {
  // Said instead of `TimedOut` when something came and was no answer.
  let seen: Reason | undefined
  const onMalformed = (problem: string) => {
    seen = Reason.MalformedResponse({ problem })
  }
  const asking = Effect.scoped(
    Effect.flatMap(openFor(of), (socket) => sendAndReceive(of, socket, question, onMalformed))
  )
  return Effect.timeoutOrElse(told(of, "udp", asking), {
    duration: of.timeoutMillis,
    orElse: () => Effect.fail(failure(of, "udp", seen ?? Reason.TimedOut()))
  })
}

const openFor = (of: Exchange) => {
  const host = of.server.family === 6 ? "::" : "0.0.0.0"
  return bind(of.table, { host, port: 0, receiveQueueBytes }, new Site())
}

const sendAndReceive = (
  of: Exchange,
  socket: UdpSocket,
  question: DnsQuestion,
  onMalformed: (problem: string) => void
) =>
  Effect.gen(function* () {
    const { host, port } = of.server
    // Connected, only the server's datagrams come, and that nothing listens there is told at once.
    const isConnected = of.table.ports.capabilities.udpConnect
    if (isConnected) yield* socket.connect({ host, port })
    yield* socket.send(bytesOf(question), isConnected ? undefined : { host, port })
    for (;;) {
      const { bytes, from } = yield* socket.receive
      if (!isConnected && !isFrom(of.server, from)) continue
      const judged = judge(question, bytes)
      if (judged._tag === "Answers") return judged.message
      if (judged._tag === "Truncated") return "truncated" as const
      if (judged._tag === "Malformed") onMalformed(judged.problem)
    }
  })

const isFrom = (server: NameServer, from: Address.Address): boolean =>
  Address.format(from, "udp") === Address.formatInput(server, "udp")

const overTcp = (of: Exchange, question: DnsQuestion): Effect.Effect<DnsMessage, IoError> => {
  const { host, port } = of.server
  const asking = Effect.scoped(
    Effect.gen(function* () {
      const stream = yield* connect(of.table, { host, port })
      yield* stream.write(framed(bytesOf(question)))
      const [high, low] = yield* stream.readExactly(2)
      const bytes = (high! << 8) | low!
      const judged = bytes === 0 ? undefined : judge(question, yield* stream.readExactly(bytes))
      if (judged?._tag === "Answers") return judged.message
      const problem = judged?._tag === "Malformed" ? judged.problem : "no answer over TCP"
      return yield* failure(of, "tcp", Reason.MalformedResponse({ problem }))
    })
  )
  return Effect.timeoutOrElse(told(of, "tcp", asking), {
    duration: of.timeoutMillis,
    orElse: () => Effect.fail(failure(of, "tcp", Reason.TimedOut()))
  })
}

/** RFC 1035 §4.2.2. */
const framed = (message: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(message.length + 2)
  bytes[0] = message.length >> 8
  bytes[1] = message.length & 0xff
  bytes.set(message, 2)
  return bytes
}
