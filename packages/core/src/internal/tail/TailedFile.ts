/** One file that is followed: how far it was read, and whether that is still in it. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { File } from "../../File.ts"
import type { FileStat } from "../../FileStat.ts"
import type { IoError } from "../../IoError.ts"

const chunkBytes = 64 * 1024

/** Bytes before the position that have to be as they were when they were read. */
const overlapBytes = 64

/** By how many of its first bytes a copy is known. */
export const headBytes = 64

const none = new Uint8Array(0)

export const startsWith = (bytes: Uint8Array, prefix: Uint8Array): boolean => {
  if (bytes.length < prefix.length) return false
  for (let index = 0; index < prefix.length; index++) {
    if (bytes[index] !== prefix[index]) return false
  }
  return true
}

/** What a read found: bytes, that there are no more for now, or that the file was cut. */
export type Found = Uint8Array | "end" | "cut"

export class TailedFile {
  readonly stat: FileStat
  position = 0
  /** Nothing that was not read came before what is in it now. */
  isNext = false
  private readonly file: File
  private readonly scope: Scope.Closeable
  private overlap: Uint8Array = none

  /** `scope` has the file, and ends with it. */
  constructor(file: File, stat: FileStat, scope: Scope.Closeable) {
    this.file = file
    this.stat = stat
    this.scope = scope
  }

  get find(): Effect.Effect<Found, IoError> {
    const { file, overlap, position } = this
    const bytesMax = overlap.length + chunkBytes
    return Effect.map(file.readAt(position - overlap.length, bytesMax), (bytes): Found => {
      if (!startsWith(bytes, overlap)) return "cut"
      // Not a view: what is kept of it would keep the rest.
      return bytes.length === overlap.length ? "end" : copyOf(bytes, overlap.length)
    })
  }

  /** The bytes that `find` gave are taken. */
  advance(bytes: Uint8Array): void {
    this.position += bytes.length
    const kept = new Uint8Array(Math.min(overlapBytes, this.overlap.length + bytes.length))
    const fromBytes = Math.min(kept.length, bytes.length)
    const before = kept.length - fromBytes
    kept.set(this.overlap.subarray(this.overlap.length - before), 0)
    kept.set(bytes.subarray(bytes.length - fromBytes), before)
    this.overlap = kept
  }

  /** Goes on behind what is in it now. */
  get skip(): Effect.Effect<void, IoError> {
    return Effect.gen({ self: this }, function* () {
      const { bytes } = yield* this.file.stat
      const position = Number(bytes)
      const from = Math.max(0, position - overlapBytes)
      const kept = position === 0 ? none : yield* this.file.readAt(from, position - from)
      this.position = from + kept.length
      this.overlap = copyOf(kept, 0)
      this.isNext = this.position > 0
    })
  }

  /** Goes on from the start. */
  restart(): void {
    this.position = 0
    this.isNext = false
    this.overlap = none
  }

  /** The first bytes that are in it now. */
  get head(): Effect.Effect<Uint8Array, IoError> {
    return this.file.readAt(0, headBytes)
  }

  /** Goes on where `other` is, if this has what was read there: it is a copy. */
  continues(other: TailedFile): Effect.Effect<boolean, IoError> {
    const { overlap, position } = other
    if (overlap.length === 0) return Effect.succeed(false)
    return Effect.map(this.file.readAt(position - overlap.length, overlap.length), (bytes) => {
      if (!startsWith(bytes, overlap)) return false
      this.position = position
      this.overlap = overlap
      return true
    })
  }

  get close(): Effect.Effect<void> {
    return Scope.close(this.scope, Exit.void)
  }
}

const copyOf = (bytes: Uint8Array, from: number): Uint8Array => {
  const copy = new Uint8Array(bytes.length - from)
  copy.set(bytes.subarray(from))
  return copy
}
