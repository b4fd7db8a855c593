/**
 * A relay, its targets and its clients in one simulated world. The clients speak SOCKS byte by
 * byte, and share no code with the relay.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { type Address, EventLoop, Tcp, type TcpStream } from "@portico/core"
import { SimBackend, type SimOptions } from "@portico/sim"
import { expect } from "vitest"
import * as Program from "../src/Program.ts"
import type { Mode } from "../src/Session.ts"

export const seeds = Array.from({ length: 10 }, (_, index) => index + 1)

export const open: Mode = { _tag: "Socks5", credentials: undefined }

/** Of a relay on a free port. */
export const options: Program.Options = {
  listen: { port: 0 },
  mode: open,
  connectionsMax: 100,
  handshakeTimeout: Duration.seconds(10),
  connectTimeout: Duration.seconds(10),
  idleTimeout: Duration.minutes(1),
  drainDeadline: Duration.seconds(5)
}

/**
 * Runs a program in the simulator with each seed; any task that is ready may be the next. Then
 * nothing may be left open.
 */
export const inEveryOrder = <E>(
  program: Effect.Effect<void, E, SimBackend.Services>,
  settings: Omit<SimOptions.SimOptions, "seed"> = {}
) => {
  const andClosed = Effect.gen(function* () {
    yield* program
    expect(yield* EventLoop.EventLoop.use(({ handles }) => handles)).toHaveLength(0)
  })
  for (const seed of seeds) {
    const exit = SimBackend.runSync(andClosed, { seed, order: "random", ...settings })
    expect(exit, `seed ${seed}`).toStrictEqual(Exit.void)
  }
}

export const portOf = (address: Address.Address): number => {
  if (address._tag === "UnixPathAddress") throw new Error("Not a port")
  return address.port
}

/** Starts a relay on a free port. */
export const startRelay = (overrides: Partial<Program.Options> = {}) =>
  Effect.map(Program.serve({ ...options, ...overrides }), (relay) => ({
    ...relay,
    address: { port: portOf(relay.server.address) }
  }))

/** Starts a target; gives its port. */
export const startTarget = <E>(
  handler: (stream: TcpStream.TcpStream) => Effect.Effect<unknown, E>,
  host = "127.0.0.1"
) =>
  Effect.map(Tcp.serve(handler, { host, port: 0, connectionsMax: 100 }), ({ address }) =>
    portOf(address)
  )

export const echo = Effect.fnUntraced(function* (stream: TcpStream.TcpStream) {
  while (true) {
    const bytes = yield* stream.readBorrowed
    if (bytes.length === 0) return yield* stream.shutdown
    yield* stream.write(bytes)
  }
})

/** All bytes until the end. */
export const readAll = Effect.fnUntraced(function* (stream: TcpStream.TcpStream) {
  const received: Array<number> = []
  while (true) {
    const bytes = yield* stream.readBorrowed
    if (bytes.length === 0) return received
    received.push(...bytes)
  }
})

const ascii = (text: string) => Array.from(new TextEncoder().encode(text))
const u16 = (value: number) => [value >> 8, value & 0xff]

export const greeting = [5, 1, 0]
export const credentials = (name: string, password: string) => [
  1,
  ascii(name).length,
  ...ascii(name),
  ascii(password).length,
  ...ascii(password)
]
const connect = (type: number, host: ReadonlyArray<number>, port: number) => [
  5,
  1,
  0,
  type,
  ...host,
  ...u16(port)
]
export const toName = (name: string, port: number) =>
  connect(3, [ascii(name).length, ...ascii(name)], port)
export const toIpv4 = (octets: ReadonlyArray<number>, port: number) => connect(1, octets, port)
export const loopback = (port: number) => toIpv4([127, 0, 0, 1], port)
export const toIpv6Loopback = (port: number) => connect(4, [...Array<number>(15).fill(0), 1], port)

/** Sends the bytes and gives the next `count`. */
export const ask = (stream: TcpStream.TcpStream, bytes: ReadonlyArray<number>, count: number) =>
  Effect.andThen(
    stream.write(Uint8Array.from(bytes)),
    Effect.map(stream.readExactly(count), (answer) => Array.from(answer))
  )

/** The reply to a request: its code, and the port that it names. */
export const readReply = Effect.fnUntraced(function* (stream: TcpStream.TcpStream) {
  const [version, code, reserved, type] = yield* stream.readExactly(4)
  if (version !== 5 || reserved !== 0) throw new Error(`No reply: ${version} ${code} ${reserved}`)
  const host = yield* stream.readExactly(type === 4 ? 16 : 4)
  const [high, low] = yield* stream.readExactly(2)
  return { code, host: Array.from(host), port: (high! << 8) | low! }
})

/** Connects to the relay and sends a request; gives the stream and the reply. */
export const request = Effect.fnUntraced(function* (
  address: { readonly host?: string; readonly port: number },
  bytes: ReadonlyArray<number>
) {
  const stream = yield* Tcp.connect(address)
  const method = yield* ask(stream, greeting, 2)
  if (method[1] !== 0) throw new Error(`Not welcome: ${method.join(" ")}`)
  yield* stream.write(Uint8Array.from(bytes))
  return { stream, reply: yield* readReply(stream) }
})

/** A tunnel to a port of 127.0.0.1. */
export const tunnelTo = (address: { readonly port: number }, port: number) =>
  Effect.map(request(address, loopback(port)), ({ reply, stream }) => {
    if (reply.code !== 0) throw new Error(`No tunnel: code ${reply.code}`)
    return stream
  })
