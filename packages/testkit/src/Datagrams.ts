/** Datagram sockets on loopback for laws, and what is done with them over and over. */
import { Address, type Backend, type IoError, Udp, type UdpSocket } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import { sameBytes } from "./Expectation.ts"
import type { LawFailure } from "./LawFailure.ts"
import { eventually } from "./Turns.ts"

export type Socket = UdpSocket.UdpSocket
export type Outgoing = UdpSocket.OutgoingDatagram

/** On 127.0.0.1, at a port of the host's choice. */
export const bound = Udp.bind({ port: 0 })

/** A socket's address as `send` and `connect` take it. */
export const toward = ({ address }: Socket): Address.InetInput => Address.toInput(address)

export const portOf = (socket: Socket): number => toward(socket).port

/** A loopback address that nobody else on this host uses: what is free there stays free. */
export const someHost: Effect.Effect<string> = Effect.map(
  Effect.replicateEffect(Random.nextIntBetween(1, 255), 3),
  (octets) => `127.${octets.join(".")}`
)

/** A port of 127.0.0.1 that no socket has: one that was just given back. */
export const deadPort: Effect.Effect<number, IoError.IoError, Udp.Udp> = Effect.scoped(
  Effect.map(bound, portOf)
)

/** An address that no socket has, and that none gets for its port alone. */
export const deadPeer: Effect.Effect<Address.InetInput, IoError.IoError, Udp.Udp> = Effect.flatMap(
  someHost,
  (host) => Effect.scoped(Effect.map(Udp.bind({ host, port: 0 }), toward))
)

/** The next datagram has these bytes. */
export const receives = (
  socket: Socket,
  ...expected: ReadonlyArray<number>
): Effect.Effect<UdpSocket.Datagram, IoError.IoError | LawFailure> =>
  Effect.tap(socket.receive, ({ bytes }) =>
    sameBytes(bytes, Uint8Array.from(expected), "datagram received")
  )

/** The first byte of each datagram that is there now. */
export const receiveAll = (socket: Socket): Effect.Effect<ReadonlyArray<number>, IoError.IoError> =>
  Effect.gen(function* () {
    const firsts: Array<number> = []
    for (;;) {
      const next = yield* socket.tryReceive
      if (Option.isNone(next)) return firsts
      firsts.push(next.value.bytes[0]!)
    }
  })

/** How many datagrams came, whatever became of them. */
export const cameTo = ({ datagrams }: Socket): number =>
  datagrams.datagramsReceived + datagrams.datagramsDropped + datagrams.datagramsQueued

/** Waits until `count` datagrams came to the socket. */
export const came = (
  socket: Socket,
  count: number
): Effect.Effect<void, LawFailure, Backend.Backend> =>
  eventually(
    `${count} datagrams`,
    Effect.sync(() => cameTo(socket) >= count)
  )

/** Datagrams to `to`, each of which says its number. */
export const numbered = (count: number, to: Address.InetInput): ReadonlyArray<Outgoing> =>
  Array.from({ length: count }, (_, number) => ({ bytes: Uint8Array.of(number), to }))

/** A group that nobody else on this host is in, of those for local use (RFC 2365). */
export const someGroup: Effect.Effect<string> = Effect.gen(function* () {
  const octets = yield* Effect.replicateEffect(Random.nextIntBetween(1, 255), 3)
  return `239.${octets.join(".")}`
})
