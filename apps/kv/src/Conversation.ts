/** One connection as a fiber: reads, runs, waits until what changed is safe, and replies. */
import type { IoError, TcpStream } from "@portico/core"
import * as Effect from "effect/Effect"
import type { Connection } from "./Connection.ts"
import type { Journal } from "./journal/Journal.ts"
import type { Outbox } from "./pubsub/Outbox.ts"
import type { Statistics } from "./Statistics.ts"

/** Of a subscriber's own replies; beyond, its next requests wait. Messages have their own bound. */
const waitingBytesMax = 64 * 1024

/** After a refusal, what still comes is dropped, so that no reset overtakes the reply. */
const discardedBytesMax = 64 * 1024
const discardMax = "1 second"

export interface Surroundings {
  readonly journal: Journal
  readonly statistics: Statistics
  /** Milliseconds since 1970. */
  readonly nowUnsafe: () => number
  /** The server is ending: whoever has nothing under way ends. */
  readonly isLeaving: () => boolean
}

const changed = (outbox: Outbox): Effect.Effect<void> =>
  Effect.callback<void>((resume) => {
    outbox.onChange(() => resume(Effect.void))
    return Effect.sync(() => outbox.onChange(undefined))
  })

/** Sends what waits for a subscriber, until it is interrupted. */
const send = Effect.fnUntraced(function* (
  stream: TcpStream.TcpStream,
  outbox: Outbox,
  { journal, statistics }: Surroundings
): Effect.fn.Return<never, IoError.IoError> {
  for (;;) {
    while (outbox.waiting === 0) yield* changed(outbox)
    const bytes = outbox.take()
    // A message may tell of what is not safe yet.
    if (journal.isBehind) yield* journal.settled
    yield* stream.write(bytes)
    statistics.bytesWritten += bytes.length
    outbox.sent()
  }
})

/** Until `bytesMax` or less wait for the subscriber. */
const sent = Effect.fnUntraced(function* (outbox: Outbox, bytesMax: number) {
  while (outbox.waiting > bytesMax && !outbox.isCut) yield* changed(outbox)
})

const discard = Effect.fnUntraced(function* (stream: TcpStream.TcpStream) {
  for (let discarded = 0; discarded < discardedBytesMax;) {
    const { length } = yield* stream.readBorrowed
    if (length === 0) return
    discarded += length
  }
})

/** Ends when the client does, asks for it, or is refused; then all its replies have left. */
export const converse = Effect.fnUntraced(function* (
  stream: TcpStream.TcpStream,
  connection: Connection,
  surroundings: Surroundings
): Effect.fn.Return<void, IoError.IoError> {
  const { isLeaving, journal, nowUnsafe, statistics } = surroundings
  const { reply, session } = connection
  let outbox: Outbox | undefined
  while (!session.isEnding && !(isLeaving() && !connection.isWithin)) {
    const chunk = yield* stream.readBorrowed
    if (chunk.length === 0) break
    connection.feed(chunk)
    let isMore = true
    while (isMore) {
      while (journal.isFull) yield* journal.room
      isMore = connection.advance(nowUnsafe())
      if (reply.length > 0) {
        if (journal.isBehind) yield* journal.settled
        const { written } = reply
        yield* stream.write(written)
        statistics.bytesWritten += written.length
        reply.clear()
      }
      if (session.outbox === undefined) continue
      if (outbox === undefined) {
        outbox = session.outbox
        yield* Effect.forkChild(send(stream, outbox, surroundings))
      }
      if (outbox.waiting > waitingBytesMax) yield* sent(outbox, waitingBytesMax)
    }
  }
  if (outbox !== undefined) yield* sent(outbox, 0)
  yield* stream.shutdown
  if (connection.isRefused) yield* Effect.timeoutOption(discard(stream), discardMax)
})
