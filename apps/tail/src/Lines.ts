/** The lines of one file as they are sent: whole, each ended, with a name before it if asked. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { FileLines, type Files, FileTail, type IoError, type Watch } from "@portico/core"

export interface FollowOptions {
  readonly from: "start" | "end"
  readonly lineBytesMax: number
  /** Names stand before lines. */
  readonly isNamed: boolean
  readonly watching: Pick<FileTail.TailOptions, "interval" | "method">
}

export interface Batch {
  readonly bytes: Uint8Array
  readonly count: number
}

const lineFeed = Uint8Array.of(10)
const encoder = new TextEncoder()

const joined = (lines: ReadonlyArray<Uint8Array>, prefix: Uint8Array): Batch => {
  const parts = lines.flatMap((line) => [prefix, line, lineFeed])
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return { bytes, count: lines.length }
}

/** Begins to follow a file; what comes from then on is in the stream, which does not end. */
export const follow = Effect.fnUntraced(function* (
  path: string,
  { from, isNamed, lineBytesMax, watching }: FollowOptions
): Effect.fn.Return<
  Stream.Stream<Batch, IoError.IoError>,
  IoError.IoError,
  Files.Files | Scope.Scope | Watch.Watch
> {
  const tail = yield* FileTail.open(path, { from, ...watching })
  const splitter = new FileLines.LineSplitter(lineBytesMax)
  const prefix = encoder.encode(isNamed ? `${path}: ` : "")
  return Stream.fromEffectRepeat(tail.read).pipe(
    Stream.map((event) => (event._tag === "Bytes" ? splitter.push(event.bytes) : splitter.end())),
    Stream.filter((lines) => lines.length > 0),
    Stream.map((lines) => joined(lines, prefix))
  )
})
