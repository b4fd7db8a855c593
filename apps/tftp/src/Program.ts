/**
 * A TFTP server (RFC 1350, options by RFC 2347 to 2349 and 7440): files of one directory, read and
 * written.
 */
import * as Console from "effect/Console"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import { Address, EventLoop, type Files, type IoError, Udp, type UdpSocket } from "@portico/core"
import * as Root from "./Root.ts"
import * as Transfer from "./Transfer.ts"
import type { Limits } from "./wire/Negotiation.ts"
import * as Packet from "./wire/Packet.ts"
import { codes } from "./wire/Refusal.ts"

export interface Options {
  readonly listen: { readonly host: string; readonly port: number }
  readonly root: string
  readonly limits: Limits
  readonly isReadOnly: boolean
  /** A file that is there is not written again. */
  readonly keepsExisting: boolean
  readonly uploadBytesMax: number
  readonly transfersMax: number
  readonly drainDeadline: Duration.Duration
}

export interface Server {
  readonly address: Address.InetAddress
  readonly transfers: () => number
  /** Takes no more requests, and waits for transfers under way; how many had to be cut. */
  readonly drain: (deadline: Duration.Duration) => Effect.Effect<number>
  /** Fails with what stopped the server. */
  readonly stopped: Effect.Effect<never, IoError.IoError>
}

const nameOf = ({ from }: UdpSocket.Datagram): string => Address.format(from, "udp")

const noRequest = Packet.error(codes.illegalOperation, "Not a request")
const tooMany = Packet.error(codes.undefined, "Too many transfers")

/** Serves until the scope ends. Succeeds when clients can ask. */
export const serve = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<Server, IoError.IoError, Udp.Udp | Files.Files | Scope.Scope> {
  const { host } = options.listen
  const policy: Transfer.Policy = { ...options, root: yield* Root.make(options.root) }
  const socket = yield* Udp.bind({ ...options.listen, datagramBytesMax: 1_024 })
  const running = yield* FiberSet.make<void>()
  // A request that comes twice is served once: its client has one port for one transfer.
  const clients = new Map<string, UdpSocket.Datagram>()
  const draining = yield* Deferred.make<void>()

  const forget = (datagram: UdpSocket.Datagram): void => {
    const name = nameOf(datagram)
    // The same port may have asked for the next file already.
    if (clients.get(name) === datagram) clients.delete(name)
  }

  const transfer = Effect.fnUntraced(function* (
    datagram: UdpSocket.Datagram,
    request: Packet.Request
  ) {
    const name = nameOf(datagram)
    const { figures, linger } = yield* Effect.flatMap(Udp.bind({ host, port: 0 }), (own) =>
      Transfer.serve(own, datagram, request, policy)
    )
    yield* Effect.log(`${request._tag.toLowerCase()} ${name} ${request.file} ${figures}`)
    forget(datagram)
    yield* Effect.raceFirst(Effect.ignore(linger), Deferred.await(draining))
  }, Effect.scoped)

  const start = (datagram: UdpSocket.Datagram, request: Packet.Request) => {
    const name = nameOf(datagram)
    clients.set(name, datagram)
    return transfer(datagram, request).pipe(
      Effect.catch((error) => Effect.log(`ended ${name} ${request.file}: ${error.message}`)),
      Effect.ensuring(Effect.sync(() => forget(datagram)))
    )
  }

  const answer = (datagram: UdpSocket.Datagram, packet: Uint8Array) =>
    Effect.ignore(socket.send(packet, datagram.replyTo))

  const take = Effect.fnUntraced(function* (datagram: UdpSocket.Datagram) {
    const request = Packet.read(datagram.bytes)
    if (request._tag === "Malformed") {
      return yield* answer(datagram, Packet.error(codes.illegalOperation, request.problem))
    }
    // An error is never answered: two servers could go on for ever.
    if (request._tag === "Error" || clients.has(nameOf(datagram))) return
    if (request._tag !== "Read" && request._tag !== "Write") {
      return yield* answer(datagram, noRequest)
    }
    if (clients.size >= options.transfersMax) return yield* answer(datagram, tooMany)
    yield* FiberSet.run(running, start(datagram, request))
  })

  const requests = yield* Effect.forkScoped(Effect.forever(Effect.flatMap(socket.receive, take)))
  return {
    address: socket.address,
    transfers: () => clients.size,
    drain: Effect.fnUntraced(function* (deadline) {
      yield* Fiber.interrupt(requests)
      yield* Deferred.succeed(draining, undefined)
      yield* socket.close
      yield* Effect.timeoutOption(FiberSet.awaitEmpty(running), deadline)
      const cut = clients.size
      yield* FiberSet.clear(running)
      return cut
    }),
    stopped: Fiber.join(requests)
  }
})

/** Says how that went, and how many handles are left. */
const drainAndLog = (server: Server, deadline: Duration.Duration) =>
  Effect.gen(function* () {
    yield* Effect.log(`draining transfers=${server.transfers()}`)
    const cut = yield* server.drain(deadline)
    const { length } = yield* EventLoop.EventLoop.use(({ handles }) => handles)
    yield* Effect.log(`drained cut=${cut} handles=${length}`)
  })

/**
 * The app: prints `ready tftp://<address>` on standard output and serves until it is interrupted,
 * then drains. Logs each transfer. Fails with what kept the server from its port or its directory,
 * or stopped it.
 */
export const run = (
  options: Options
): Effect.Effect<void, IoError.IoError, Udp.Udp | Files.Files | EventLoop.EventLoop> =>
  Effect.gen(function* () {
    const server = yield* serve(options)
    yield* Effect.addFinalizer(() => drainAndLog(server, options.drainDeadline))
    yield* Console.log(`ready ${Address.format(server.address).replace(/^tcp/, "tftp")}`)
    return yield* server.stopped
  }).pipe(Effect.scoped)
