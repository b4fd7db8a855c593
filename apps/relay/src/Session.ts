/**
 * One client: where it wants to go, the connection to there, and the tunnel between the two.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import {
  Address,
  Deadline,
  DeadlineExceeded,
  type Tcp,
  type TcpStream,
  type Tls
} from "@portico/core"
import * as FinalReply from "./FinalReply.ts"
import type { IdleTimeout } from "@portico/app-kit/IdleTimeout"
import type * as Secure from "./Secure.ts"
import {
  endOf,
  HandshakeTimedOut,
  type SessionError,
  TargetUnreachable,
  TunnelIdle
} from "./SessionError.ts"
import type { Credentials } from "./socks/Credentials.ts"
import { type Negotiated, negotiate } from "./socks/negotiate.ts"
import * as Reply from "./socks/Reply.ts"
import { cutOff, splice } from "./Splice.ts"
import type { Connection, Statistics } from "./Statistics.ts"
import * as Target from "./Target.ts"

/** How a client says where it wants to go. */
export type Mode =
  | { readonly _tag: "Socks5"; readonly credentials: Credentials | undefined }
  /** Not at all: everybody goes there. */
  | { readonly _tag: "Forward"; readonly target: Target.Target }

export interface Options extends Secure.Timeouts {
  readonly mode: Mode
}

/** What the sessions of one relay share. */
export interface Surroundings {
  readonly sides: Secure.Sides
  readonly idle: IdleTimeout
  readonly statistics: Statistics
}

const inTime = <A, E, R>(
  handshake: Effect.Effect<A, E, R>,
  deadline: Deadline.Deadline
): Effect.Effect<A, E | HandshakeTimedOut, R> =>
  Deadline.within(handshake, deadline).pipe(
    Effect.catchIf(
      (error) => error instanceof DeadlineExceeded.DeadlineExceeded,
      (cause) => Effect.fail(new HandshakeTimedOut({ cause }))
    )
  )

/** Asks the client, who is told what was wrong with its answer. */
const destination = (
  client: TcpStream.TcpStream,
  mode: Mode,
  deadline: Deadline.Deadline
): Effect.Effect<Negotiated, SessionError> =>
  mode._tag === "Forward"
    ? Effect.succeed({ target: mode.target, user: undefined })
    : inTime(negotiate(client, mode.credentials), deadline).pipe(
        Effect.tapErrorTag("SocksError", (error) =>
          FinalReply.send(client, Reply.refusalOf(error))
        ),
        Effect.tapErrorTag("AuthenticationFailed", () =>
          FinalReply.send(client, Reply.credentialsRefused)
        )
      )

/** Connects; a client whose target cannot be reached is told why, or reset. */
const reach = (
  client: TcpStream.TcpStream,
  target: Target.Target,
  options: Options,
  { sides }: Surroundings
): Effect.Effect<TcpStream.TcpStream, TargetUnreachable, Tcp.Tcp | Tls.Tls | Scope.Scope> =>
  sides.connect(target, options).pipe(
    Effect.tapError(({ reason }) =>
      options.mode._tag === "Socks5"
        ? FinalReply.send(client, Reply.reply(Reply.codeOf(reason)))
        : cutOff(client)
    ),
    Effect.mapError((cause) => new TargetUnreachable({ cause }))
  )

const bytesMoved = ({ counters }: TcpStream.TcpStream): number =>
  counters.bytesRead + counters.bytesWritten

const tunnel = (
  client: TcpStream.TcpStream,
  target: TcpStream.TcpStream,
  connection: Connection,
  { idle }: Surroundings
): Effect.Effect<void, SessionError> => {
  let isIdle = false
  const watched = {
    bytesMoved: () => bytesMoved(client) + bytesMoved(target),
    expire: Effect.suspend(() => {
      isIdle = true
      return Effect.andThen(cutOff(target), cutOff(client))
    })
  }
  return Effect.mapError(idle.watch(watched, splice(client, target, connection)), (error) =>
    isIdle ? new TunnelIdle() : error
  )
}

const session = Effect.fnUntraced(function* (
  accepted: TcpStream.TcpStream,
  connection: Connection,
  options: Options,
  surroundings: Surroundings
): Effect.fn.Return<void, SessionError, Tcp.Tcp | Tls.Tls | Scope.Scope> {
  const deadline = yield* Deadline.after(options.handshakeTimeout)
  const client = yield* inTime(surroundings.sides.accept(accepted), deadline)
  const { target, user } = yield* destination(client, options.mode, deadline)
  connection.target = Target.format(target)
  connection.user = user
  const reached = yield* reach(client, target, options, surroundings)
  if (options.mode._tag === "Socks5") {
    const bound = yield* reached.localAddress
    yield* client.write(Reply.reply(Reply.ReplyCode.succeeded, bound))
  }
  yield* tunnel(client, reached, connection, surroundings)
})

/** Names and hosts are the client's to choose, so they are quoted. */
const quoted = (text: string | undefined): string =>
  text === undefined ? "none" : JSON.stringify(text)

/** What the log says of a connection at its end. */
const tell = (
  { client, down, target, up, user }: Connection,
  exit: Exit.Exit<void, SessionError>
): Effect.Effect<void> => {
  const error = Option.flatMap(Exit.getCause(exit), Cause.findErrorOption)
  const line = [
    `${endOf(exit)} client=${client} user=${quoted(user)} target=${quoted(target)}`,
    `bytes_up=${up} bytes_down=${down}`,
    ...Option.match(error, {
      onNone: () => [],
      onSome: ({ message }) => [`error=${quoted(message)}`]
    })
  ].join(" ")
  // Whoever tries passwords should be seen; all else is everyday life of a relay.
  const isAttempt = Option.exists(error, ({ _tag }) => _tag === "AuthenticationFailed")
  return isAttempt ? Effect.logInfo(line) : Effect.logDebug(line)
}

/**
 * Serves `client` until its tunnel ends. Never fails: how it went is counted, and told in one line
 * of the log.
 */
export const serve = (
  client: TcpStream.TcpStream,
  options: Options,
  surroundings: Surroundings
): Effect.Effect<void, never, Tcp.Tcp | Tls.Tls> =>
  Effect.gen(function* () {
    const { statistics } = surroundings
    const peer = yield* Effect.option(client.peerAddress)
    const connection = statistics.begin(
      Option.match(peer, { onNone: () => "gone", onSome: Address.format })
    )
    const ended = (exit: Exit.Exit<void, SessionError>) => {
      statistics.end(connection, endOf(exit))
      return tell(connection, exit)
    }
    yield* session(client, connection, options, surroundings).pipe(
      Effect.scoped,
      Effect.onExit(ended),
      Effect.ignore
    )
  })
