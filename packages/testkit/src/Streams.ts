/** Reading to the end, filling up, and resetting: what laws do with a stream over and over. */
import { type Backend, type IoError, TcpStream } from "@portico/core"
import * as Effect from "effect/Effect"
import { concat } from "./Bytes.ts"
import { sameBytes } from "./Expectation.ts"
import type { LawFailure } from "./LawFailure.ts"
import { nextTurn } from "./Turns.ts"

type Stream = TcpStream.TcpStream

/** How the end of a stream is told. */
export const isEnd = (bytes: Uint8Array): boolean => bytes.length === 0

/** Everything up to the end of the stream. */
export const readAll = (stream: Stream): Effect.Effect<Uint8Array, IoError.IoError> =>
  Effect.gen(function* () {
    const chunks: Array<Uint8Array> = []
    while (true) {
      const chunk = yield* stream.read
      if (isEnd(chunk)) return concat(chunks)
      chunks.push(chunk)
    }
  })

/** The stream ends here. */
export const ends = (stream: Stream): Effect.Effect<void, IoError.IoError | LawFailure> =>
  Effect.flatMap(stream.read, (bytes) => sameBytes(bytes, new Uint8Array(0), "end of stream"))

/** The next bytes are these. */
export const reads = (
  stream: Stream,
  expected: Uint8Array
): Effect.Effect<void, IoError.IoError | LawFailure> =>
  Effect.flatMap(stream.readExactly(expected.length), (bytes) =>
    sameBytes(bytes, expected, "bytes read")
  )

/** More than the kernels of both ends hold, while the reader does not read. */
export const clogBytes = 64 * 1024 * 1024

/** Writes until nothing more fits without waiting; gives what was taken, in bytes. */
export const fill = (
  stream: Stream
): Effect.Effect<number, IoError.IoError | LawFailure, Backend.Backend> =>
  Effect.gen(function* () {
    const piece = new Uint8Array(64 * 1024)
    let taken = 0
    // Full for good: the host may move what it holds on to the peer's side for some turns.
    for (let quiet = 0; quiet < 24 && taken < clogBytes; quiet++) {
      for (let count = -1; count !== 0 && taken < clogBytes; ) {
        count = yield* stream.tryWrite(piece)
        taken += count
        if (count > 0) quiet = 0
      }
      yield* nextTurn
    }
    return taken
  })

/** Makes `peer` read `ConnectionReset`: closing with unread input is a reset, as in the kernel. */
export const resetByClosing = (
  stream: Stream,
  peer: Stream
): Effect.Effect<void, IoError.IoError> =>
  Effect.gen(function* () {
    yield* peer.write(new Uint8Array(1))
    yield* stream.awaitReadable
    yield* stream.close
  })
