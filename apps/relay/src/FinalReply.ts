/**
 * A last message that its reader gets.
 *
 * A stream that is closed while input is unread is reset, and a reset overtakes what was written
 * before it. So after the message comes a half-close, and whatever the peer still sends is read and
 * dropped, within a bound, until it ends, too.
 */
import * as Effect from "effect/Effect"
import type { IoError, TcpStream } from "@portico/core"

const discardedBytesMax = 64 * 1024
const waitMax = "1 second"

const discard = Effect.fnUntraced(function* (
  stream: TcpStream.TcpStream
): Effect.fn.Return<void, IoError.IoError> {
  let discarded = 0
  while (discarded < discardedBytesMax) {
    const { length } = yield* stream.readBorrowed
    if (length === 0) return
    discarded += length
  }
})

/** Sends `bytes`, and waits at most a second for the peer to end. The stream is left open. */
export const send = (stream: TcpStream.TcpStream, bytes: Uint8Array): Effect.Effect<void> =>
  stream.write(bytes).pipe(
    Effect.andThen(stream.shutdown),
    Effect.andThen(discard(stream)),
    Effect.timeoutOption(waitMax),
    // A peer that has gone misses nothing.
    Effect.ignore
  )
