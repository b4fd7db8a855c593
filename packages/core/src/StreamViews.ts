/**
 * A stream as Effect's `Stream`, `Sink` and `Channel`, for those who want them.
 *
 * They compose; the plain methods of `TcpStream` cost less per chunk.
 */
import * as Cause from "effect/Cause"
import * as Channel from "effect/Channel"
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"
import * as Sink from "effect/Sink"
import * as Stream from "effect/Stream"
import type { IoError } from "./IoError.ts"
import type { TcpStream } from "./TcpStream.ts"

type Chunks = readonly [Uint8Array, ...Array<Uint8Array>]

const pull = (self: TcpStream): Pull.Pull<Chunks, IoError> =>
  Effect.flatMap(self.read, (chunk): Pull.Pull<Chunks, IoError> =>
    chunk.length > 0 ? Effect.succeed([chunk]) : Cause.done()
  )

/**
 * Chunks as `read` gives them, until the end of the stream. Ending early leaves the rest unread.
 */
export const toStream = (self: TcpStream): Stream.Stream<Uint8Array, IoError> =>
  Stream.fromPull(Effect.succeed(pull(self)))

/**
 * Writes every chunk, in order. When its upstream ends it half-closes and succeeds; with
 * `shutdownOnEnd: false` it flushes and leaves the sending side open.
 */
export const toSink = (
  self: TcpStream,
  options?: { readonly shutdownOnEnd?: boolean | undefined }
): Sink.Sink<void, Uint8Array, never, IoError> =>
  Sink.mapEffect(
    Sink.forEachArray((chunks: ReadonlyArray<Uint8Array>) => self.writeAll(chunks)),
    () => (options?.shutdownOnEnd === false ? self.flush : self.shutdown)
  )

/**
 * Both directions at once: writes what comes in, half-closes when that ends, gives what is read.
 * When writing or its upstream fails, the stream is reset and the channel fails with that cause.
 */
export const toChannel = <IE = never>(
  self: TcpStream
): Channel.Channel<
  Chunks,
  IoError | Pull.ExcludeDone<IE>,
  void,
  ReadonlyArray<Uint8Array>,
  IE,
  void
> =>
  Channel.fromTransform((upstream: Pull.Pull<ReadonlyArray<Uint8Array>, IE>, scope) => {
    let failure: Cause.Cause<IoError | IE> | undefined
    const write = upstream.pipe(
      Effect.flatMap((chunks) => self.writeAll(chunks)),
      Effect.forever({ disableYield: true }),
      Pull.catchDone(() => self.shutdown),
      Effect.catchCause((cause) => {
        failure = cause as Cause.Cause<IoError | IE>
        return Effect.ignore(self.reset)
      })
    )
    const read = Effect.catchCause(pull(self), (cause) =>
      Effect.failCause(failure ?? (cause as Cause.Cause<IoError | IE | Cause.Done>))
    )
    return Effect.as(Effect.forkIn(write, scope), read)
  })
