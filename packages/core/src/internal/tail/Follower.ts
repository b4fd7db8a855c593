/**
 * Follows a name: which file to read, and which ones after it.
 *
 * What was read is handed over in one step and kept until then, so an interruption loses nothing.
 */
import * as Effect from "effect/Effect"
import type { DirectoryHints } from "../../DirectoryHints.ts"
import type { FileTail } from "../../FileTail.ts"
import type { FilesService } from "../../FilesService.ts"
import { IoError, isIoError } from "../../IoError.ts"
import { Reason } from "../../Reason.ts"
import { TailEvent } from "../../TailEvent.ts"
import { identityOf } from "./generations.ts"
import type { Siblings } from "./Siblings.ts"
import type { TailedFile } from "./TailedFile.ts"

/** A file that comes after the one that is read, and what is told before it. */
interface Successor {
  readonly file: TailedFile
  readonly event: TailEvent
}

export class Follower implements FileTail {
  readonly path: string
  readonly counters = { bytesRead: 0, rotations: 0, truncations: 0 }
  private readonly hints: DirectoryHints
  private readonly siblings: Siblings
  private readonly files: FilesService
  private file: TailedFile | undefined
  /** To be read when `file` is at its end, which it then stays at. */
  private successors: Array<Successor> = []
  private ready: TailEvent | undefined
  private isBusy = false

  constructor(path: string, hints: DirectoryHints, siblings: Siblings, files: FilesService) {
    this.path = path
    this.hints = hints
    this.siblings = siblings
    this.files = files
  }

  begin(from: "start" | "end"): Effect.Effect<void, IoError> {
    return Effect.gen({ self: this }, function* () {
      yield* this.siblings.noteAll
      yield* this.open
      if (from === "end" && this.file !== undefined) yield* this.file.skip
    })
  }

  private get open(): Effect.Effect<void, IoError> {
    return Effect.map(this.siblings.openBase, (file) => {
      this.file = file
      if (file !== undefined) this.siblings.note(file)
    })
  }

  /** A file has come to the name, or has come and gone again. */
  private get appear(): Effect.Effect<void, IoError> {
    return Effect.gen({ self: this }, function* () {
      yield* this.open
      if (this.file !== undefined) return
      const [first, ...rest] = this.take(yield* this.siblings.allUnseen)
      if (first === undefined) return
      this.file = first.file
      this.successors.push(...rest)
    }).pipe(Effect.uninterruptible)
  }

  get read(): Effect.Effect<TailEvent, IoError> {
    const handOver = Effect.sync(() => {
      const event = this.ready!
      this.ready = undefined
      if (event._tag === "Bytes") this.counters.bytesRead += event.bytes.length
      else if (event._tag === "Rotated") this.counters.rotations++
      else this.counters.truncations++
      return event
    })
    return Effect.suspend(() => {
      if (this.isBusy) {
        const operation = "FileTail.read"
        return Effect.fail(new IoError({ operation, reason: Reason.Busy(), path: this.path }))
      }
      this.isBusy = true
      return Effect.ensuring(
        Effect.andThen(this.fill, handOver),
        Effect.sync(() => void (this.isBusy = false))
      )
    })
  }

  private get fill(): Effect.Effect<void, IoError> {
    return Effect.gen({ self: this }, function* () {
      while (this.ready === undefined) {
        if (this.file === undefined) yield* this.appear
        if (this.file !== undefined && (yield* this.look(this.file))) continue
        yield* this.hints.await
      }
    })
  }

  /** Whether there was anything. */
  private look(file: TailedFile): Effect.Effect<boolean, IoError> {
    return Effect.flatMap(file.find, (found) => {
      if (found === "cut") return Effect.as(this.truncated(file), true)
      const isEmpty = found === "end"
      const next = () => (isEmpty ? this.atEnd(file) : this.taken(file, found))
      if (file.isNext) return next()
      // What was in an empty one may have been copied and cut before it was read.
      return Effect.flatMap(this.enter(file, isEmpty ? undefined : found), (isBehind) =>
        isBehind ? Effect.succeed(true) : next()
      )
    })
  }

  private taken(file: TailedFile, bytes: Uint8Array): Effect.Effect<boolean> {
    return Effect.sync(() => {
      file.isNext = true
      file.advance(bytes)
      this.ready = TailEvent.Bytes({ bytes })
      return true
    })
  }

  /** Puts files that came and went before this one before it. Whether there are any. */
  private enter(file: TailedFile, head: Uint8Array | undefined): Effect.Effect<boolean, IoError> {
    const entered = Effect.map(this.siblings.unseenBefore(file, head), (before) => {
      const [first, ...rest] = this.take(before)
      if (first === undefined) return false
      this.successors.unshift(...rest, { file, event: TailEvent.Rotated() })
      this.file = first.file
      return true
    })
    return Effect.uninterruptible(entered)
  }

  private take(files: ReadonlyArray<TailedFile>): ReadonlyArray<Successor> {
    return files.map((file) => {
      this.siblings.note(file)
      file.isNext = true
      return { file, event: TailEvent.Rotated() }
    })
  }

  private atEnd(file: TailedFile): Effect.Effect<boolean, IoError> {
    if (this.successors.length > 0) {
      this.proceed()
      return Effect.as(file.close, true)
    }
    return Effect.map(this.findSuccessors(file), () => this.successors.length > 0)
  }

  private proceed(): void {
    const { event, file } = this.successors.shift()!
    this.file = file
    this.ready = event
  }

  /**
   * The name may be another file's. As long as that is empty, a writer may not have come to it and
   * still write to this one; once it is not, this one is read to its end.
   */
  private findSuccessors(file: TailedFile): Effect.Effect<void, IoError> {
    return Effect.gen({ self: this }, function* () {
      const stat = yield* Effect.catchIf(
        this.files.stat(this.path),
        (error) => isIoError(error, "NotFound"),
        () => Effect.void
      )
      if (stat !== undefined && identityOf(stat) === identityOf(file.stat)) return
      const found =
        stat === undefined || stat.bytes === 0n
          ? this.siblings.unseenAfter(file)
          : Effect.map(this.siblings.openBase, (newest) => (newest === undefined ? [] : [newest]))
      yield* Effect.uninterruptible(
        Effect.map(found, (files) => {
          for (const next of files) {
            this.siblings.note(next)
            this.successors.push({ file: next, event: TailEvent.Rotated() })
          }
        })
      )
    })
  }

  /** What was not read before the cut may be in a copy that was made for it. */
  private truncated(file: TailedFile): Effect.Effect<void, IoError> {
    return Effect.gen({ self: this }, function* () {
      const before = yield* this.siblings.unseenBefore(file, undefined)
      const isCopy = before[0]?.continues(file) ?? Effect.succeed(false)
      const isContinued = yield* Effect.onError(isCopy, () =>
        Effect.forEach(before, (one) => one.close)
      )
      const copies = this.take(before)
      file.restart()
      this.successors.unshift(...copies, { file, event: TailEvent.Truncated() })
      if (isContinued) this.file = this.successors.shift()!.file
      else this.proceed()
    }).pipe(Effect.uninterruptible)
  }
}
