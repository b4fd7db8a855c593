/**
 * Effect's own `DatagramSocket` in a simulated world, for programs that never heard of Portico: the
 * same losses, duplicates and orders as `Udp` has. Queue, counters and order of writes are those of
 * Effect; failures are those of platform-node.
 */
import type { InetInput } from "@portico/core/Address"
import { Resolver } from "@portico/core/Resolver"
import { Udp } from "@portico/core/Udp"
import type { UdpSocket } from "@portico/core/UdpSocket"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as NetAddress from "effect/net/NetAddress"
import type * as Scope from "effect/Scope"
import * as DatagramSocket from "effect/socket/DatagramSocket"
import { interfaceOf, joining, receive, type Run, sending } from "./datagramBacking.ts"
import { nameError, openError } from "./datagramError.ts"
import { type Endpoint, type Family, plan } from "./datagramPlan.ts"

/** By the names that platform-node's `NodeDatagramSocket` has. */
export interface SimDatagramSocketOptions {
  /** Default: any address of the family, and any port. */
  readonly bind?: Partial<Endpoint> | undefined
  readonly family?: Family | undefined
  readonly reuseAddress?: boolean | undefined
  readonly reusePort?: boolean | undefined
  readonly ipv6Only?: boolean | undefined
  /** In bytes. */
  readonly kernelReceiveBufferSize?: number | undefined
  readonly kernelSendBufferSize?: number | undefined
  readonly broadcast?: boolean | undefined
  readonly ttl?: number | undefined
  readonly multicast?:
    | {
        readonly interface?: NetAddress.MulticastInterface | undefined
        readonly loopback?: boolean | undefined
        readonly ttl?: number | undefined
      }
    | undefined
  /** In datagrams. Default: 1,024, and what comes when it is full is dropped. */
  readonly receiveBuffer?: DatagramSocket.ReceiveBufferOptions | undefined
  /** Told what no write or pull can be told, such as that a peer refuses. */
  readonly onError?: ((error: DatagramSocket.DatagramSocketError) => void) | undefined
  /** Where writes go that do not say. */
  readonly peer?: Endpoint | undefined
  /** As `peer`; and what others send does not come. Not with `peer`. */
  readonly connect?: Endpoint | undefined
}

type Failure = DatagramSocket.DatagramSocketError

const setUp = (socket: UdpSocket, options: SimDatagramSocketOptions) =>
  Effect.gen(function* () {
    const { multicast, ttl } = options
    if (ttl !== undefined) yield* socket.setTtl(ttl)
    if (multicast?.ttl !== undefined) yield* socket.setMulticastTtl(multicast.ttl)
    if (multicast?.loopback !== undefined) yield* socket.setMulticastLoop(multicast.loopback)
    if (multicast?.interface !== undefined) {
      yield* socket.setMulticastInterface(interfaceOf(multicast.interface))
    }
  })

const open = (
  options: SimDatagramSocketOptions,
  events: DatagramSocket.BackingEvents
): Effect.Effect<DatagramSocket.BackingSocket, Failure, Resolver | Scope.Scope | Udp> =>
  Effect.gen(function* () {
    const resolver = yield* Resolver
    const { bind, connect, family, peer } = options
    const planned = plan(resolver, family, bind?.address, connect ?? peer)
    const { host, remote } = yield* Effect.mapError(planned, nameError)
    const socket = yield* Udp.use((udp) =>
      udp.bind({
        host,
        port: bind?.port ?? 0,
        broadcast: options.broadcast,
        ipv6Only: options.ipv6Only,
        reuseAddress: options.reuseAddress,
        reusePort: options.reusePort,
        kernelReceiveBytes: options.kernelReceiveBufferSize,
        kernelSendBytes: options.kernelSendBufferSize
      })
    ).pipe(Effect.mapError(openError))
    yield* Effect.mapError(setUp(socket, options), openError)
    if (connect !== undefined) yield* Effect.mapError(socket.connect(remote!), openError)
    yield* Effect.forkScoped(receive(socket, events), { startImmediately: true })
    const context = yield* Effect.context<never>()
    const run: Run = (effect, done) =>
      void Effect.runForkWith(context)(effect).addObserver((exit) => done(exit))
    const bound: InetInput = {
      host: NetAddress.formatHost(socket.address),
      port: socket.address.port
    }
    return {
      address: { host: bound.host!, port: bound.port },
      peer: remote,
      connected: connect !== undefined,
      ...sending(socket, run),
      joinMulticast: joining(socket)
    }
  })

/** A socket that is bound whenever its reader is acquired, as long as that is. */
export const make = (
  options: SimDatagramSocketOptions = {}
): Effect.Effect<DatagramSocket.DatagramSocket, never, Resolver | Udp> =>
  DatagramSocket.makeFromBackingSocket((events) => open(options, events), options)

/** In place of platform-node's `NodeDatagramSocket.layer`. */
export const layer = (
  options?: SimDatagramSocketOptions
): Layer.Layer<DatagramSocket.DatagramSocket, never, Resolver | Udp> =>
  Layer.effect(DatagramSocket.DatagramSocket, make(options))
