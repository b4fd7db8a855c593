/**
 * A stream that takes no more: a writer on it waits, and so does whoever writes after it.
 *
 * Being full is not a moment but a rest. A kernel goes on moving bytes to the peer's side, and may
 * take more long before it reports that it would: what counts is that nothing moves any longer.
 */
import type { Backend, IoError, TcpStream } from "@portico/core"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type { LawFailure } from "./LawFailure.ts"
import { eventually, nextTurn, quietTurns } from "./Turns.ts"

type Stream = TcpStream.TcpStream

/** More than the kernels of both ends hold, while the reader does not read. */
export const clogBytes = 64 * 1024 * 1024

export interface Clog {
  /** What the peer will have read when the waiting writer is done: zeros. */
  readonly bytes: number
  /** The writer that waits; it writes nothing more than what it has begun. */
  readonly writer: Fiber.Fiber<void, IoError.IoError>
}

/** Writes pieces of `pieceBytes` until one waits and nothing moves. */
export const clog = (
  stream: Stream,
  pieceBytes = 64 * 1024
): Effect.Effect<Clog, LawFailure, Backend.Backend> =>
  Effect.gen(function* () {
    const piece = new Uint8Array(pieceBytes)
    let bytes = 0
    let isWanted = true
    const writer = yield* Effect.forkChild(
      Effect.gen(function* () {
        while (isWanted && bytes < clogBytes) {
          bytes += piece.length
          yield* stream.write(piece)
        }
      })
    )
    yield* eventually(
      "the writer waits",
      Effect.map(
        isStill(() => bytes),
        (still) => still && stream.waits.length > 0
      )
    )
    isWanted = false
    return { bytes, writer }
  })

/** Whether a count stands still while everything else may move. */
const isStill = (count: () => number): Effect.Effect<boolean, never, Backend.Backend> =>
  Effect.gen(function* () {
    const before = count()
    for (let turn = 0; turn < quietTurns && count() === before; turn++) yield* nextTurn
    return count() === before
  })

/**
 * Tries to write until the stream reports no room; gives what was taken, in bytes. A write may
 * still find some: a host reports room only when there is plenty.
 */
export const fill = (
  stream: Stream
): Effect.Effect<number, IoError.IoError | LawFailure, Backend.Backend> =>
  Effect.gen(function* () {
    const piece = new Uint8Array(64 * 1024)
    let taken = 0
    for (let quiet = 0; quiet < quietTurns && taken < clogBytes; quiet++) {
      for (let count = -1; count !== 0 && taken < clogBytes;) {
        count = yield* stream.tryWrite(piece)
        taken += count
        if (count > 0) quiet = 0
      }
      yield* nextTurn
    }
    return taken
  })
