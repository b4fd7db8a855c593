/**
 * Several upstreams, asked one after the other in the order in which they were given.
 *
 * One that was silent, or not there, counts as down for a while: it is asked after the others. When
 * that time is over the next question tries it first, alone: until its answer has come, other
 * questions still begin with the others.
 */
import type { Tcp, Udp } from "@portico/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Question } from "../Flights.ts"
import type { Bytes } from "../wire/Octets.ts"
import { exchange, type Failure } from "./exchange.ts"
import type { Upstream } from "./Upstream.ts"

export interface UpstreamsOptions {
  /** What one upstream gets to answer one query. */
  readonly timeout: Duration.Duration
  /** How long one that was silent is asked last. */
  readonly downTime: Duration.Duration
}

/** How often each is tried: a single lost datagram fails nobody. */
const rounds = 2

/**
 * For a question and all its tries: the client has given up by then (RFC 1035 says 5 s, `dig` waits
 * 5, a stub resolver 10).
 */
export const questionLimit = Duration.seconds(10)

const secondsNow = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e9)

export class Upstreams {
  readonly all: ReadonlyArray<Upstream>
  private readonly timeout: Duration.Duration
  private readonly downSeconds: number

  constructor(all: ReadonlyArray<Upstream>, options: UpstreamsOptions) {
    this.all = all
    this.timeout = options.timeout
    this.downSeconds = Duration.toSeconds(options.downTime)
  }

  /**
   * The bytes of the first answer that says NOERROR or NXDOMAIN, which decodes; undefined when no
   * upstream has one, or none came within 10 seconds. Interrupted, its sockets are closed.
   */
  ask(question: Question): Effect.Effect<Bytes | undefined, never, Tcp.Tcp | Udp.Udp> {
    return Effect.gen({ self: this }, function* () {
      for (let round = 0; round < rounds; round++) {
        for (const upstream of this.inOrder(yield* secondsNow)) {
          const answer = yield* Effect.result(this.askOne(upstream, question))
          if (answer._tag === "Success") return answer.success
        }
      }
      return undefined
    }).pipe(Effect.timeoutOption(questionLimit), Effect.map(Option.getOrUndefined))
  }

  private inOrder(seconds: number): ReadonlyArray<Upstream> {
    const isDown = (upstream: Upstream) => upstream.isDown(seconds)
    return [...this.all.filter((upstream) => !isDown(upstream)), ...this.all.filter(isDown)]
  }

  private askOne(
    upstream: Upstream,
    question: Question
  ): Effect.Effect<Bytes, Failure, Tcp.Tcp | Udp.Udp> {
    return Effect.gen({ self: this }, function* () {
      upstream.beginTrial((yield* secondsNow) + Duration.toSeconds(this.timeout))
      const outcome = yield* Effect.result(exchange(upstream, question, this.timeout))
      if (outcome._tag === "Success") {
        upstream.counters.answered++
        upstream.setUp()
        return outcome.success
      }
      const { failure } = outcome
      note(upstream, failure)
      if (isDeaf(failure)) upstream.setDown((yield* secondsNow) + this.downSeconds)
      return yield* failure
    })
  }
}

const note = ({ counters }: Upstream, failure: Failure): void => {
  if (failure._tag === "Unhelpful") counters.unhelpful++
  else if (failure._tag === "Silent") counters.timedOut++
  else counters.unreachable++
}

const faultsOfOurs = new Set(["Closed", "ResourceExhausted", "PermissionDenied"])

/** It is the upstream that did not answer; whoever answers SERVFAIL is up. */
const isDeaf = (failure: Failure): boolean => {
  if (failure._tag === "Unhelpful") return false
  return failure._tag === "Silent" || !faultsOfOurs.has(failure.reason._tag)
}
