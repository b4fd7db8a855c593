/**
 * Drives an echo server and proves every byte: the one client program for every world.
 *
 * Each connection sends messages of pseudo-random bytes one after another, waits for each echo, and
 * compares the SHA-256 of all it sent with that of all it received.
 */
import { createHash } from "node:crypto"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Address, type IoError, Tcp, type TcpStream } from "@portico/core"
import { atOnce, type Conversation, millis } from "./Clients.ts"
import type { Measurement } from "./Measurement.ts"
import { PseudoRandom } from "./PseudoRandom.ts"

export interface Load {
  readonly connections: number
  readonly messagesPerConnection: number
  readonly bytesPerMessage: number
}

/** The server did not echo: what came back is not what was sent. */
export class NotAnEcho extends Data.TaggedError("NotAnEcho")<{
  readonly connection: number
  readonly sent: string
  readonly received: string
}> {
  override get message(): string {
    return `Connection ${this.connection}: sent SHA-256 ${this.sent}, received ${this.received}`
  }
}

/** One connection. */
const converse = Effect.fnUntraced(function* <E, R>(
  open: Effect.Effect<TcpStream.TcpStream, E, R | Scope.Scope>,
  load: Load,
  connection: number
): Effect.fn.Return<Conversation, E | IoError.IoError | NotAnEcho, R | Scope.Scope> {
  const clock = yield* Clock.Clock
  const stream = yield* open
  const random = new PseudoRandom(connection + 1)
  const message = new Uint8Array(load.bytesPerMessage)
  const sent = createHash("sha256")
  const received = createHash("sha256")
  const latenciesMillis = new Float64Array(load.messagesPerConnection)
  for (let index = 0; index < load.messagesPerConnection; index += 1) {
    random.fill(message)
    sent.update(message)
    const start = millis(clock)
    yield* stream.write(message)
    const echo = yield* stream.readExactly(message.length)
    latenciesMillis[index] = millis(clock) - start
    received.update(echo)
  }
  yield* stream.shutdown
  // After our end comes the server's; whatever comes before it was never sent.
  received.update(yield* stream.read)
  yield* verify(connection, sent.digest("hex"), received.digest("hex"))
  const messages = load.messagesPerConnection
  return { latenciesMillis, messages, bytesVerified: messages * load.bytesPerMessage }
}, Effect.scoped)

export const verify = (
  connection: number,
  sent: string,
  received: string
): Effect.Effect<void, NotAnEcho> =>
  sent === received ? Effect.void : new NotAnEcho({ connection, sent, received })

/** Runs the whole load; fails when a connection fails or a byte differs. */
export const drive = (
  address: Address.Input,
  load: Load
): Effect.Effect<Measurement, IoError.IoError | NotAnEcho, Tcp.Tcp> =>
  driveOver(Tcp.connect(address), load)

/** The same over connections that lead to the server by another way. */
export const driveOver = <E, R>(
  open: Effect.Effect<TcpStream.TcpStream, E, R>,
  load: Load
): Effect.Effect<Measurement, E | IoError.IoError | NotAnEcho, Exclude<R, Scope.Scope>> =>
  atOnce(load.connections, (connection) => converse(open, load, connection))
