/**
 * Effect's `Socket` over a stream of core's. It behaves as platform-node's does over a socket of
 * Node: each acquisition of the reader is a connection, and the writer is of whichever is there.
 */
import { isIoError, type IoError } from "@portico/core/IoError"
import type { TcpStream } from "@portico/core/TcpStream"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Scope from "effect/Scope"
import * as Socket from "effect/socket/Socket"
import { encode } from "@portico/core/dns/Utf8"
import { closeError, hostCause, readError, writeError } from "./socketError.ts"

export interface EffectSocketOptions {
  /** Keep our side open when the peer ends its own. Default false: ours is ended then, as well. */
  readonly allowHalfOpen?: boolean | undefined
}

type Open = Effect.Effect<TcpStream, Socket.SocketError, Scope.Scope>
type Chunks = Parameters<Socket.Writer["writeAll"]>[0]

const bytesOf = (chunk: Uint8Array | string): Uint8Array =>
  typeof chunk === "string" ? encode(chunk) : chunk

// What goes on when the caller does not: Node's sockets send and close by themselves.
const detached = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<Fiber.Fiber<A, E>> =>
  Effect.forkDetach(effect, { startImmediately: true })

/** One connection: what its reader and the socket's writers share. */
class Connection {
  readonly stream: TcpStream
  private readonly allowHalfOpen: boolean
  private failure: Socket.SocketError | undefined
  private isGone = false

  constructor(stream: TcpStream, allowHalfOpen: boolean) {
    this.stream = stream
    this.allowHalfOpen = allowHalfOpen
  }

  /** The scope of the reader is closed, or is about to be. */
  abandon(): void {
    this.failure ??= closeError(1006)
  }

  readonly pull: Socket.Reader["pull"] = Effect.suspend(() =>
    this.failure === undefined
      ? Effect.matchEffect(this.stream.read, {
          onFailure: (error) => Effect.fail(this.failureOf(error)),
          onSuccess: (bytes) => (bytes.length === 0 ? this.ended : Effect.succeed([bytes] as const))
        })
      : Effect.fail(this.failure)
  )

  private failureOf(error: IoError): Socket.SocketError {
    this.isGone = true
    return (this.failure ??= isIoError(error, "Closed")
      ? closeError(1006)
      : readError(hostCause(error)))
  }

  // Node ends our side a tick later: who writes before that is heard.
  private readonly ended = Effect.suspend(() => {
    this.failure ??= closeError(1000)
    const answer = Effect.andThen(this.shutdown, this.gone)
    const answered = this.allowHalfOpen ? Effect.void : Effect.forkDetach(answer)
    return Effect.andThen(answered, Effect.fail(this.failure))
  })

  /**
   * Interrupted, it leaves the bytes to be sent: a socket of Node has taken them by then. When it
   * is closed already, platform-node awaits an event that was before, so it waits for ever.
   */
  write(chunks: Chunks): Effect.Effect<void, Socket.SocketError> {
    if (this.isGone) return Effect.never
    const writing = this.stream.writeAll(chunks.map(bytesOf))
    return Effect.mapError(Effect.flatMap(detached(writing), Fiber.join), (error) => {
      this.isGone = true
      this.failure ??= readError(hostCause(error))
      return writeError(error)
    })
  }

  /** A code above 1000 is an error for who reads here; the peer is told of neither. */
  destroy({ code }: Socket.CloseEvent): Effect.Effect<void> {
    const failure =
      code > 1000 ? readError(new Error(`closed with code ${code}`)) : closeError(1000)
    this.failure ??= failure
    return Effect.asVoid(detached(Effect.andThen(this.stream.close, this.gone)))
  }

  /** After what was written before. */
  readonly end = Effect.suspend(() => detached(this.shutdown))

  private readonly shutdown = Effect.suspend(() => Effect.ignore(this.stream.shutdown))
  private readonly gone = Effect.sync(() => {
    this.isGone = true
  })
}

/** `open` is run at each acquisition of the reader, which closes what it opened. */
export const make = (open: Open, options: EffectSocketOptions = {}): Socket.Socket => {
  const isConnected = Latch.makeUnsafe(false)
  let current: Connection | undefined

  const reader: Socket.Socket["reader"] = Effect.gen(function* () {
    const scope = yield* Effect.scope
    const own = yield* Scope.make()
    // Who releases the reader does not wait until the last bytes have left.
    yield* Scope.addFinalizer(scope, detached(Scope.close(own, Exit.void)))
    const stream = yield* Scope.provide(open, own)
    const connection = new Connection(stream, options.allowHalfOpen === true)
    yield* Scope.addFinalizer(
      scope,
      Effect.sync(() => {
        connection.abandon()
        isConnected.closeUnsafe()
        current = undefined
      })
    )
    current = connection
    isConnected.openUnsafe()
    return { pull: connection.pull, upgrade: Socket.SocketUpgradeError.unsupported }
  })

  const onceConnected = (
    act: (connection: Connection) => Effect.Effect<void, Socket.SocketError>
  ): Effect.Effect<void, Socket.SocketError> =>
    Effect.suspend(() =>
      current === undefined ? isConnected.whenOpen(onceConnected(act)) : act(current)
    )

  const writer: Socket.Socket["writer"] = Effect.acquireRelease(
    Effect.succeed<Socket.Writer>({
      write: (chunk) =>
        onceConnected((connection) =>
          Socket.isCloseEvent(chunk) ? connection.destroy(chunk) : connection.write([chunk])
        ),
      writeAll: (chunks) => onceConnected((connection) => connection.write(chunks))
    }),
    () => Effect.suspend(() => (current === undefined ? Effect.void : current.end))
  )

  return Socket.make({ reader, writer })
}
