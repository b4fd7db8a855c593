/**
 * Reads a log's records in their order, and tells where the good ones end.
 *
 * It holds one record in memory, or a window of 1 MiB when records are small.
 */
import type { File, IoError } from "@portico/core"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { Bytes } from "../resp/Ascii.ts"
import * as LogHead from "./LogHead.ts"
import * as Record from "./Record.ts"

const windowBytes = 1024 * 1024

/** The log is damaged where it was durable, or is none: nothing was changed. */
export class DamagedLog extends Data.TaggedError("DamagedLog")<{ readonly message: string }> {}

export class LogReader {
  private readonly file: File.File
  private readonly fileBytes: number
  private bytes: Bytes = new Uint8Array(windowBytes)
  // Where in the file the window begins, and how much of it was read.
  private position = 0
  private length = 0
  /** Of the file; see `begin`. */
  private mark = 0

  constructor(file: File.File, fileBytes: number) {
    this.file = file
    this.fileBytes = fileBytes
  }

  /** Up to `count` bytes from `position` on, fewer at the end of the file: valid until the next. */
  private view(position: number, count: number): Effect.Effect<Bytes, IoError.IoError> {
    return Effect.suspend(() => {
      const wanted = Math.min(count, this.fileBytes - position)
      const offset = position - this.position
      if (offset >= 0 && offset + wanted <= this.length) {
        return Effect.succeed(this.bytes.subarray(offset, offset + wanted))
      }
      if (wanted > this.bytes.length) this.bytes = new Uint8Array(wanted)
      this.position = position
      return Effect.map(this.file.readIntoAt(position, this.bytes), (read) => {
        this.length = read
        return this.bytes.subarray(0, Math.min(wanted, read))
      })
    })
  }

  /**
   * The file's mark; undefined when it is empty, or has what a crash left of its first bytes. To be
   * read before all else.
   */
  readonly begin: Effect.Effect<number | undefined, DamagedLog | IoError.IoError> = Effect.suspend(
    () =>
      Effect.flatMap(this.view(0, LogHead.length), (bytes) => {
        const mark = LogHead.markOf(bytes)
        if (mark !== undefined) {
          this.mark = mark
          return Effect.succeed(mark)
        }
        // The first sync covers them all, and nothing follows before it: what is shorter, or was
        // extended and not written, was never whole.
        const isTorn =
          bytes.length < LogHead.length || (this.fileBytes === bytes.length && bytes.includes(0))
        if (isTorn) return Effect.undefined
        const message = `Not a log of this server, or its beginning is damaged: ${this.file.path}`
        return new DamagedLog({ message })
      })
  )

  /** The payload of the record at `position`; undefined when there is none, or it is not whole. */
  private payloadAt(position: number): Effect.Effect<Bytes | undefined, IoError.IoError> {
    return Effect.gen({ self: this }, function* () {
      const head = yield* this.view(position, Record.headerBytes)
      if (head.length < Record.headerBytes) return undefined
      const header = Record.headerAt(head, 0, this.mark)
      if (!Record.isPlausible(header, position, this.fileBytes)) return undefined
      const whole = yield* this.view(position, Record.headerBytes + header.payloadBytes)
      if (whole.length < Record.headerBytes + header.payloadBytes) return undefined
      return Record.isWhole(header, position, whole, Record.headerBytes)
        ? whole.subarray(Record.headerBytes)
        : undefined
    })
  }

  /**
   * Shows each record's payload to `see`, valid in its call only; gives where the last good one
   * ends. Fails with `DamagedLog` when a later record says that this place was durable once.
   */
  readAll(
    see: (payload: Bytes, position: number) => Effect.Effect<void, DamagedLog>
  ): Effect.Effect<number, DamagedLog | IoError.IoError> {
    return Effect.gen({ self: this }, function* () {
      let position: number = LogHead.length
      for (;;) {
        const payload = yield* this.payloadAt(position)
        if (payload === undefined) break
        yield* see(payload, position)
        position += Record.headerBytes + payload.length
      }
      if (position < this.fileBytes) yield* this.lookBehind(position)
      return position
    })
  }

  private lookBehind(broken: number): Effect.Effect<void, DamagedLog | IoError.IoError> {
    return Effect.gen({ self: this }, function* () {
      const last = this.fileBytes - Record.headerBytes
      for (let start = broken + 1; start <= last; start += windowBytes - Record.headerBytes) {
        const found = this.candidates(yield* this.view(start, windowBytes), start, broken)
        for (const position of found) {
          if ((yield* this.payloadAt(position)) === undefined) continue
          const message =
            `The log is damaged at byte ${broken}, where it was durable, as the record at byte` +
            ` ${position} says: ${this.file.path}`
          return yield* new DamagedLog({ message })
        }
      }
    })
  }

  /** Places that could be headers of records which say that `broken` was durable. */
  private candidates(bytes: Bytes, start: number, broken: number): ReadonlyArray<number> {
    const found: Array<number> = []
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let at = 0; at + Record.headerBytes <= bytes.length; at++) {
      const durable = Record.durableAt(view, at, this.mark)
      if (durable <= broken || durable > start + at) continue
      const header = Record.headerAt(bytes, at, this.mark)
      if (Record.isPlausible(header, start + at, this.fileBytes)) found.push(start + at)
    }
    return found
  }
}
