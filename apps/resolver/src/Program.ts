/**
 * A caching, forwarding DNS server on UDP and TCP (RFC 1035, 7766, 6891, 2308), and an authority
 * for zones of its own.
 */
import {
  Address,
  Backend,
  EventLoop,
  type IoError,
  type Tcp,
  Udp,
  type UdpSocket
} from "@portico/core"
import * as Console from "effect/Console"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as NetAddress from "effect/net/NetAddress"
import * as Random from "effect/Random"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Desk from "./Desk.ts"
import { Responder } from "./Responder.ts"
import { format } from "./Statistics.ts"
import * as TcpService from "./TcpService.ts"
import * as UdpService from "./UdpService.ts"
import { Upstream } from "./upstream/Upstream.ts"
import { Upstreams } from "./upstream/Upstreams.ts"
import type { Zone } from "./zone/Zone.ts"
import { Zones } from "./zone/Zones.ts"

export interface Options {
  readonly listen: { readonly host: string; readonly port: number }
  /** What this server answers by itself. */
  readonly zones: ReadonlyArray<Zone>
  /** Whom it asks the rest, the first first; without any it refuses the rest. */
  readonly upstreams: ReadonlyArray<NetAddress.InetAddress>
  readonly upstreamTimeout: Duration.Duration
  readonly upstreamDownTime: Duration.Duration
  readonly cacheEntriesMax: number
  readonly cacheBytesMax: number
  readonly ttlMax: Duration.Duration
  readonly negativeTtlMax: Duration.Duration
  /** Queries that wait for upstreams at once. */
  readonly queriesMax: number
  /** Over UDP. */
  readonly answerBytesMax: number
  readonly connectionsMax: number
  readonly idleTimeout: Duration.Duration
  readonly drainDeadline: Duration.Duration
}

export interface Server {
  readonly address: Address.InetAddress
  readonly responder: Responder
  readonly upstreams: Upstreams
  /** The figures as text. */
  readonly statistics: Effect.Effect<string>
  /**
   * Takes no more queries, and waits for those under way and for their answers to leave, at most
   * the drain deadline. Succeeds with the number of TCP connections that had to be cut.
   */
  readonly drain: Effect.Effect<number>
  /** Fails with what stopped the server; succeeds after a drain. */
  readonly stopped: Effect.Effect<void, IoError.IoError>
}

/** How often a port that the host chose for TCP may be taken for UDP. */
const portTries = 16

type Sockets = Tcp.Tcp | Udp.Udp

/** One port for both transports. */
const open = (
  desk: Desk.Desk,
  options: Options
): Effect.Effect<
  { readonly tcp: TcpService.TcpService; readonly udp: UdpSocket.UdpSocket },
  IoError.IoError,
  Sockets | Scope.Scope
> => {
  const { host, port } = options.listen
  const { connectionsMax, drainDeadline, idleTimeout } = options
  const tcpOptions = { host, port, connectionsMax, drainDeadline, idleTimeout }
  const both = Effect.gen(function* () {
    const tcp = yield* TcpService.serve(desk, tcpOptions)
    const bound = tcp.server.address as Address.InetAddress
    const udp = yield* Udp.bind({ host, port: bound.port })
    return { tcp, udp }
  })
  if (port !== 0) return both
  return Effect.retry(whole(both), {
    times: portTries,
    while: (error) => error.reason._tag === "AddressInUse"
  })
}

/** In the scope around it, or, when it fails, gone by then. */
const whole = <A, E, R>(
  opening: Effect.Effect<A, E, R | Scope.Scope>
): Effect.Effect<A, E, R | Scope.Scope> =>
  Effect.gen(function* () {
    const scope = yield* Scope.fork(yield* Effect.scope)
    return yield* Effect.onError(Scope.provide(opening, scope), (cause) =>
      Scope.close(scope, Exit.failCause(cause))
    )
  })

/** Serves until the scope ends. Succeeds when clients can ask. */
export const serve = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<Server, IoError.IoError, Sockets | Backend.Backend | Scope.Scope> {
  const isForwarding = options.upstreams.length > 0
  const responder = new Responder({
    cache: { entriesMax: options.cacheEntriesMax, bytesMax: options.cacheBytesMax },
    zones: new Zones(options.zones, isForwarding),
    isForwarding,
    queriesMax: options.queriesMax,
    udpBytesMax: options.answerBytesMax,
    seed: Math.floor((yield* Random.next) * 2 ** 32)
  })
  const { capabilities } = yield* Backend.Backend
  const upstreams = new Upstreams(
    options.upstreams.map((address) => new Upstream(address, capabilities.udpConnect)),
    { timeout: options.upstreamTimeout, downTime: options.upstreamDownTime }
  )
  const desk = yield* Desk.make(responder, upstreams, {
    positiveSecondsMax: Math.floor(Duration.toSeconds(options.ttlMax)),
    negativeSecondsMax: Math.floor(Duration.toSeconds(options.negativeTtlMax))
  })
  const { tcp, udp } = yield* open(desk, options)
  const udpService = yield* UdpService.serve(udp, desk, options.queriesMax)

  const drain = Effect.gen(function* () {
    yield* udpService.stopReceiving
    const landing = desk.landed(options.drainDeadline)
    const [{ interrupted, left }] = yield* Effect.all([tcp.drain, landing], { concurrency: 2 })
    yield* udpService.flush
    yield* udp.close
    return interrupted + left
  })
  const statistics = Effect.sync(() =>
    format(
      responder.statistics,
      responder.cache,
      udp.datagrams.datagramsDropped,
      upstreams.all.map((upstream) => upstream.format(desk.secondsUnsafe()))
    )
  )
  const stopped = Effect.raceFirst(tcp.server.stopped, udpService.stopped)
  return { address: udp.address, responder, upstreams, statistics, drain, stopped }
})

const drainAndLog = (server: Server) =>
  Effect.gen(function* () {
    yield* Effect.log(`draining queries=${server.responder.flights.queries}`)
    const cut = yield* server.drain
    const { length } = yield* EventLoop.EventLoop.use(({ handles }) => handles)
    const { queries } = server.responder.flights
    yield* Effect.log(`drained cut=${cut} unanswered=${queries} handles=${length}`)
  })

/**
 * The app: prints `ready dns://<address>` on standard output and serves until it is interrupted,
 * then drains. Each of `statisticsRequests` is answered with a few lines on standard error. Fails
 * with what kept the server from listening or stopped it.
 */
export const run = (
  options: Options,
  statisticsRequests: Stream.Stream<unknown>
): Effect.Effect<void, IoError.IoError, Sockets | Backend.Backend | EventLoop.EventLoop> =>
  Effect.gen(function* () {
    const server = yield* serve(options)
    yield* Effect.addFinalizer(() => drainAndLog(server))
    const tell = Effect.flatMap(server.statistics, Console.error)
    yield* Effect.forkScoped(Stream.runForEach(statisticsRequests, () => tell))
    yield* Console.log(`ready ${Address.format(server.address).replace(/^tcp/, "dns")}`)
    yield* server.stopped
  }).pipe(Effect.scoped)
