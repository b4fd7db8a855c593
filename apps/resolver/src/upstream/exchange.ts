/**
 * One question to one upstream: over UDP, and over TCP for what is truncated (RFC 7766 §5).
 *
 * Each query goes out from a socket of its own, so its port is drawn by the host, and its id by us:
 * a stranger has to guess both (RFC 5452). The socket is connected, where the backend can, so that
 * the kernel passes over what others send, and tells at once that nobody listens. What does not
 * come from there, or does not answer, is counted and passed over.
 */
import { Address, type IoError, ResponseCode, Tcp, Udp, type UdpSocket } from "@portico/core"
import * as Data from "effect/Data"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type * as Scope from "effect/Scope"
import type { Question } from "../Flights.ts"
import { type Bytes, setU16, u16 } from "../wire/Octets.ts"
import { bytesOf, type Judged, judge, type UpstreamQuery } from "./UpstreamQuery.ts"
import type { Upstream } from "./Upstream.ts"

/** An upstream sends little, and strangers should not fill our memory. */
const receiveQueueBytes = 64 * 1024

/** The upstream answered, and its answer is no help: SERVFAIL, REFUSED, … */
export class Unhelpful extends Data.TaggedError("Unhelpful")<{ readonly code: number }> {}

/** It did not answer in time. */
export class Silent extends Data.TaggedError("Silent")<{}> {}

export type Failure = IoError.IoError | Silent | Unhelpful

interface Exchange {
  readonly upstream: Upstream
  readonly timeout: Duration.Duration
  readonly query: UpstreamQuery
}

/**
 * The response's bytes, decoded without complaint, with NOERROR or NXDOMAIN. Takes the timeout
 * four times at most: over UDP and TCP, with EDNS and without.
 */
export const exchange = (
  upstream: Upstream,
  question: Question,
  timeout: Duration.Duration
): Effect.Effect<Bytes, Failure, Tcp.Tcp | Udp.Udp> =>
  Effect.gen(function* () {
    for (const hasEdns of [true, false]) {
      const id = Math.floor((yield* Random.next) * 0x1_0000)
      const of = { upstream, timeout, query: { id, question, hasEdns } }
      const answer = yield* overUdp(of)
      const whole = answer === "Truncated" ? yield* fetchWhole(of) : answer
      if (whole !== "RefusesEdns") return whole
    }
    return yield* new Unhelpful({ code: ResponseCode.formatError })
  })

type Told = Bytes | "RefusesEdns" | "Truncated"

/** What is to be done about a message; undefined: wait for another. */
const told = (of: Exchange, bytes: Bytes, judged: Judged): Told | Unhelpful | undefined => {
  switch (judged._tag) {
    case "Answers":
      return bytes
    case "Fails":
      return new Unhelpful({ code: judged.code })
    case "NotOurs":
      of.upstream.counters.unmatched++
      return undefined
    default:
      return judged._tag
  }
}

const limited = <A, R>(of: Exchange, effect: Effect.Effect<A, Failure, R>) =>
  Effect.timeoutOrElse(effect, { duration: of.timeout, orElse: () => new Silent() })

const overUdp = (of: Exchange): Effect.Effect<Told, Failure, Udp.Udp> =>
  limited(of, Effect.scoped(Effect.flatMap(open(of), (socket) => ask(of, socket))))

const open = ({ upstream: { family } }: Exchange) =>
  Udp.bind({ host: family === 6 ? "::" : "0.0.0.0", port: 0, receiveQueueBytes })

const ask = Effect.fnUntraced(function* (
  of: Exchange,
  socket: UdpSocket.UdpSocket
): Effect.fn.Return<Told, Failure> {
  const { query, upstream } = of
  const { address, isConnectable } = upstream
  if (isConnectable) yield* socket.connect(address)
  upstream.counters.sentUdp++
  yield* socket.send(bytesOf(query), isConnectable ? undefined : address)
  for (;;) {
    const { bytes, from } = yield* socket.receive
    if (!isConnectable && Address.format(from, "udp") !== upstream.name) {
      upstream.counters.unmatched++
      continue
    }
    const outcome = told(of, bytes, judge(query, bytes))
    if (outcome instanceof Unhelpful) return yield* outcome
    if (outcome !== undefined) return outcome
  }
})

const overTcp = (of: Exchange): Effect.Effect<Bytes | "RefusesEdns", Failure, Tcp.Tcp> =>
  limited(of, Effect.scoped(askOverTcp(of)))

/** Whoever truncates is there, also when it serves no TCP. */
const fetchWhole = (of: Exchange) =>
  Effect.mapError(overTcp(of), (failure) =>
    failure._tag === "Unhelpful" ? failure : new Unhelpful({ code: ResponseCode.serverFailure })
  )

const askOverTcp = Effect.fnUntraced(function* (
  of: Exchange
): Effect.fn.Return<Bytes | "RefusesEdns", Failure, Tcp.Tcp | Scope.Scope> {
  const { query, upstream } = of
  const stream = yield* Tcp.connect(upstream.address)
  upstream.counters.sentTcp++
  const message = bytesOf(query)
  const length = new Uint8Array(2)
  setU16(length, 0, message.length)
  yield* stream.writeAll([length, message])
  for (;;) {
    const bytes = u16(yield* stream.readExactly(2), 0)
    const received = yield* stream.readExactly(bytes)
    const outcome = told(of, received, judge(query, received))
    // Cut off even here: it cannot be had from this server.
    if (outcome === "Truncated") return yield* new Unhelpful({ code: ResponseCode.serverFailure })
    if (outcome instanceof Unhelpful) return yield* outcome
    if (outcome !== undefined) return outcome
  }
})
