/** A resolver in the simulator, and its clients. */
import {
  Address,
  type DnsMessage,
  type IoError,
  Tcp,
  type TcpStream,
  Udp,
  type UdpSocket
} from "@portico/core"
import { SimBackend } from "@portico/sim"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as NetAddress from "effect/net/NetAddress"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import { expect } from "vitest"
import * as Program from "../src/Program.ts"
import { Zone } from "../src/zone/Zone.ts"
import { decoded, encoded, framed } from "./Wire.ts"

const MiB = 1024 * 1024

const defaults: Omit<Program.Options, "upstreams" | "zones"> = {
  listen: { host: "127.0.0.1", port: 53 },
  upstreamTimeout: Duration.seconds(1),
  upstreamDownTime: Duration.seconds(30),
  cacheEntriesMax: 10_000,
  cacheBytesMax: 32 * MiB,
  ttlMax: Duration.days(1),
  negativeTtlMax: Duration.hours(3),
  queriesMax: 1_000,
  answerBytesMax: 1_232,
  connectionsMax: 10,
  idleTimeout: Duration.seconds(10),
  drainDeadline: Duration.seconds(5)
}

/** Forwards to these ports of 127.0.0.1. */
export const start = (
  upstreamPorts: ReadonlyArray<number>,
  overrides: Partial<Program.Options> = {},
  zoneText?: string
) =>
  Program.serve({
    ...defaults,
    upstreams: upstreamPorts.map((port) =>
      NetAddress.inetAddressFromIpStringUnsafe("127.0.0.1", port)
    ),
    zones: zoneText === undefined ? [] : [Result.getOrThrow(Zone.parse(zoneText, "test.zone"))],
    ...overrides
  })

/** A socket that asks the server of `start`. */
export const client = Effect.map(Udp.bind({ port: 0 }), (socket) => {
  const to = { host: "127.0.0.1", port: defaults.listen.port }
  const sendBytes = (bytes: Uint8Array) => socket.send(bytes, to)
  const receive = Effect.map(socket.receive, ({ bytes }) => decoded(bytes))
  return {
    socket: socket as UdpSocket.UdpSocket,
    sendBytes,
    send: (message: DnsMessage.DnsMessage) => sendBytes(encoded(message)),
    receive,
    ask: (message: DnsMessage.DnsMessage) => Effect.andThen(sendBytes(encoded(message)), receive)
  }
})

export const ask = (message: DnsMessage.DnsMessage) =>
  Effect.scoped(Effect.flatMap(client, (asking) => asking.ask(message)))

const readMessage = (stream: TcpStream.TcpStream): Effect.Effect<Uint8Array, IoError.IoError> =>
  Effect.flatMap(stream.readExactly(2), ([high, low]) => stream.readExactly((high! << 8) | low!))

export const tcpClient = Effect.map(
  Tcp.connect(
    Address.toInput(NetAddress.inetAddressFromIpStringUnsafe("127.0.0.1", defaults.listen.port))
  ),
  (stream) => ({
    stream,
    send: (message: DnsMessage.DnsMessage) => stream.write(framed(encoded(message))),
    receive: Effect.map(readMessage(stream), decoded)
  })
)

/** Runs a program with each of `seeds` seeds; any task that is ready may be the next. */
export const inEveryOrder = <E>(
  program: Effect.Effect<void, E, SimBackend.Services | Scope.Scope>,
  seeds = 10
) => {
  for (let seed = 1; seed <= seeds; seed++) {
    const exit = SimBackend.runSync(Effect.scoped(program), { seed, order: "random" })
    expect(exit, `seed ${seed}`).toStrictEqual(Exit.void)
  }
}
