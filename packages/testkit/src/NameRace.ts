/** Connecting to names for laws: lookups and attempts that the law answers, one by one. */
import {
  type Answer,
  type Backend,
  IoError,
  Reason,
  type Resolver,
  Tcp,
  type TcpOptions
} from "@portico/core"
import {
  type Attempt,
  type ConnectEvents,
  type InetPortAddress,
  PortFailure,
  type StreamPort
} from "@portico/core/port"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { fails } from "./Expectation.ts"
import { overriding, type PortChange } from "./FaultyPorts.ts"
import type { LawFailure } from "./LawFailure.ts"
import { eventually } from "./Turns.ts"

type Family = 4 | 6

/** One attempt that core began. */
export class LawAttempt implements Attempt {
  readonly host: string
  isCancelled = false
  private readonly events: ConnectEvents
  private readonly ports: Backend.BackendPorts

  constructor(host: string, events: ConnectEvents, ports: Backend.BackendPorts) {
    this.host = host
    this.events = events
    this.ports = ports
  }

  cancel(): void {
    this.isCancelled = true
  }

  /** Fails it, in a turn. */
  fail(reason: Reason.Reason = Reason.Reason.ConnectionRefused()): void {
    const { turn } = this.ports
    if (this.isCancelled) return
    turn.enter()
    this.events.onFailed(new PortFailure(reason))
    turn.leave()
  }

  /** Connects it, by a connection to somewhere else; a cancelled one gives that back. */
  succeed(stream: StreamPort): void {
    const { turn } = this.ports
    turn.enter()
    if (this.isCancelled) stream.close()
    else this.events.onConnected(stream)
    turn.leave()
  }

  /** A connection to `address`, which is not given to anybody yet. */
  dial(address: InetPortAddress): Effect.Effect<StreamPort, LawFailure> {
    return Effect.callback((resume) => {
      const onConnected = (stream: StreamPort) => resume(Effect.succeed(stream))
      const onFailed = ({ reason }: PortFailure) => resume(fails(`No connection: ${reason._tag}`))
      const request = { address, local: undefined, noDelay: true }
      this.ports.tcp.connect(request, { onConnected, onFailed })
    })
  }
}

export interface NameRace {
  /** In the order in which they began. */
  readonly attempts: ReadonlyArray<LawAttempt>
  readonly change: PortChange
  /** Called when a family is asked for. */
  onAsked: () => void
  /** Families that were asked for. */
  readonly asked: ReadonlyArray<Family>
  readonly answer: (family: Family, ...hosts: ReadonlyArray<string>) => Effect.Effect<void>
  readonly deny: (family: Family, reason: Reason.Reason) => Effect.Effect<void>
  /** Connects to `host.example`. */
  readonly connect: (options?: Partial<TcpOptions.ConnectOptions>) => ReturnType<typeof Tcp.connect>
  readonly begun: (count: number) => Effect.Effect<void, LawFailure, Backend.Backend>
}

const port = 80

export const makeNameRace = (): NameRace => {
  const attempts: Array<LawAttempt> = []
  const asked: Array<Family> = []
  const answers = {
    4: Deferred.makeUnsafe<Resolver.Addresses, IoError.IoError>(),
    6: Deferred.makeUnsafe<Resolver.Addresses, IoError.IoError>()
  }
  const resolver = {
    isPerFamily: true,
    lookup: (_: string, options?: { readonly family?: Family | undefined }) =>
      Effect.suspend(() => {
        const family = options?.family ?? 4
        asked.push(family)
        race.onAsked()
        return Deferred.await(answers[family])
      })
  } as Resolver.ResolverService
  const race: NameRace = {
    attempts,
    asked,
    onAsked: () => {},
    change: (ports) => ({
      ...ports,
      tcp: overriding(ports.tcp, {
        connect: ({ address }, events) => {
          const host = address._tag === "Inet" ? address.host : address.path
          const attempt = new LawAttempt(host, events, ports)
          attempts.push(attempt)
          return attempt
        }
      })
    }),
    answer: (family, ...hosts) => {
      const [first, ...others] = hosts.map((host) => resolved(host, family))
      return Effect.asVoid(Deferred.succeed(answers[family], [first!, ...others]))
    },
    deny: (family, reason) => {
      const error = new IoError.IoError({ operation: "Resolver.lookup", reason })
      return Effect.asVoid(Deferred.fail(answers[family], error))
    },
    connect: (options) => Tcp.connect({ host: "host.example", port, resolver, ...options }),
    begun: (count) =>
      eventually(
        `${count} attempts`,
        Effect.sync(() => attempts.length >= count)
      )
  }
  return race
}

const resolved = (host: string, family: Family): Answer.ResolvedAddress => ({
  host,
  family,
  ttl: Option.none()
})
