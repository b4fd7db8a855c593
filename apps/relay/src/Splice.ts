/**
 * Joins two streams: what comes from one goes to the other, both ways at once, until both ended.
 *
 * The end of one direction is carried on as a half-close while the other direction goes on. Each
 * direction holds one chunk and what its stream has queued, at most 512 KiB and 16 KiB: a side that
 * does not read stops the other.
 */
import * as Effect from "effect/Effect"
import type { IoError, TcpStream } from "@portico/core"

/** What was taken to be carried, in bytes. Goes up while the splice runs. */
export interface Carried {
  /** From the first stream to the second. */
  up: number
  down: number
}

// No fiber is woken for a chunk.
const copy = (
  from: TcpStream.TcpStream,
  to: TcpStream.TcpStream,
  count: (bytes: number) => void
): Effect.Effect<void, IoError.IoError> => {
  const map = (chunk: Uint8Array) => {
    count(chunk.length)
    return chunk
  }
  return Effect.andThen(from.copyTo(to, { map }), to.shutdown)
}

/**
 * Closes a stream so that its peer does not take what it got for the whole. After a half-close that
 * cannot be told any more, and where the kind of stream has no reset, not either.
 */
export const cutOff = (stream: TcpStream.TcpStream): Effect.Effect<void> =>
  Effect.catch(stream.reset, () => stream.close)

/**
 * Succeeds when both directions ended. When one fails, or when interrupted, both streams are cut
 * off: a reset is carried on as a reset.
 */
export const splice = (
  client: TcpStream.TcpStream,
  target: TcpStream.TcpStream,
  carried: Carried
): Effect.Effect<void, IoError.IoError> =>
  Effect.all(
    [
      copy(client, target, (bytes) => (carried.up += bytes)),
      copy(target, client, (bytes) => (carried.down += bytes))
    ],
    { concurrency: 2, discard: true }
  ).pipe(Effect.onError(() => Effect.andThen(cutOff(target), cutOff(client))))
