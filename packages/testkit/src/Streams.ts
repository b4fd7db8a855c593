/** Reading to the end and resetting: what laws do with a stream over and over. */
import type { IoError, TcpStream } from "@portico/core"
import * as Effect from "effect/Effect"
import { concat } from "./Bytes.ts"
import { sameBytes } from "./Expectation.ts"
import type { LawFailure } from "./LawFailure.ts"

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
