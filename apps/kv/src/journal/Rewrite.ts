/**
 * Writes the log anew: what the keys are now, instead of how they came to be, while commands go on.
 *
 * The new file holds each key as it was when the rewrite began, and what changed since. A key that
 * is about to change is dumped before, unless it was already; so in the new file, too, each change
 * meets what it met. When all keys are dumped, the journal stands still for a moment: the rest is
 * written, the file is synced and renamed over the old one, the directory is synced, and the
 * journal goes on in it. Until then the old file is the log, and a crash leaves one of them whole.
 */
import { type File, Files, type IoError } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { Entry } from "../data/Keyspace.ts"
import type { Engine } from "../Engine.ts"
import { dump, type Requests } from "./dump.ts"
import type { Journal } from "./Journal.ts"
import { LogBuffer } from "./LogBuffer.ts"
import * as LogHead from "./LogHead.ts"

/** Keys that are dumped in one step, and bytes of them. */
const keysPerStep = 256
const bytesPerStep = 64 * 1024

/** After so many bytes of one key a record ends: it is read whole, and bounded. */
const recordBytes = 4 * 1024 * 1024

export class Rewrite {
  private readonly engine: Engine
  private readonly journal: Journal
  private readonly path: string
  /** Counts rewrites; an entry knows the last one that it is part of. */
  private epoch = 0
  private shadow = new LogBuffer()
  /** To be written before what is in `shadow`, each as a record. */
  private ended: Array<LogBuffer> = []
  private cursor = 0
  // Of the new file.
  private position = 0
  private mark = 0
  /** The journal waits for it. */
  private isLast = false
  /** Of the file that the last rewrite has made: else each would leave a finalizer behind. */
  private formerScope: Scope.Closeable | undefined = undefined

  constructor(engine: Engine, journal: Journal, path: string) {
    this.engine = engine
    this.journal = journal
    this.path = path
  }

  /**
   * Fails, and changes nothing, when the new file cannot be written. When its last part fails, the
   * journal fails, too: nobody knows then which file the next start will find. Interrupted before
   * that part, it changes nothing. The new file stays open until the scope ends.
   */
  readonly run: Effect.Effect<void, IoError.IoError, Files.Files | Scope.Scope> =
    Effect.uninterruptibleMask((restore) =>
      Effect.suspend(() => {
        this.begin()
        return Effect.andThen(
          Files.replace(this.path, (file) =>
            Effect.andThen(restore(this.dumpAll(file)), this.writeRest(file))
          ),
          this.switchOver
        )
      }).pipe(
        Effect.tapError((error) => Effect.sync(() => this.isLast && this.journal.fail(error))),
        Effect.ensuring(Effect.sync(() => this.end()))
      )
    )

  private begin(): void {
    this.epoch++
    this.ended = []
    this.openRecord()
    this.cursor = 0
    this.position = 0
    this.isLast = false
    this.engine.historian = {
      changes: (entry, isNew) => this.see(entry, isNew),
      // Whatever was not dumped is gone, as is all that was.
      clears: () => {}
    }
  }

  private end(): void {
    this.engine.historian = undefined
    this.journal.shadow = undefined
    // It may have been what was too much.
    this.journal.settle()
  }

  private see(entry: Entry, isNew: boolean): void {
    if (entry.epoch === this.epoch) return
    entry.epoch = this.epoch
    if (!isNew) dump(entry, this.dumped)
  }

  private readonly dumped: Requests = {
    appendCommand: (...args) => {
      this.shadow.appendCommand(...args)
      if (this.shadow.waiting < recordBytes) return
      this.ended.push(this.shadow)
      this.openRecord()
    }
  }

  private openRecord(): void {
    this.shadow = new LogBuffer()
    this.journal.shadow = this.shadow
  }

  private get isStepDone(): boolean {
    return this.ended.length > 0 || this.shadow.waiting >= bytesPerStep
  }

  private dumpSome(): void {
    const { keyspace } = this.engine
    let keys = 0
    do {
      this.cursor = keyspace.scan(this.cursor, 1, (entry) => this.see(entry, false))
      keys++
    } while (this.cursor > 0 && keys < keysPerStep && !this.isStepDone)
  }

  private dumpAll(file: File.File): Effect.Effect<void, IoError.IoError> {
    return Effect.gen({ self: this }, function* () {
      this.mark = yield* LogHead.drawMark
      yield* file.writeAt(0, LogHead.make(this.mark))
      this.position = LogHead.length
      do {
        this.dumpSome()
        yield* this.writeShadow(file)
        yield* Effect.yieldNow
      } while (this.cursor > 0)
      // Most of it now, while the journal goes on.
      yield* file.sync
    })
  }

  private writeShadow(file: File.File): Effect.Effect<void, IoError.IoError> {
    return Effect.gen({ self: this }, function* () {
      for (;;) {
        const next = this.ended.shift()
        if (next === undefined) break
        yield* this.writeRecord(file, next)
      }
      yield* this.writeRecord(file, this.shadow)
    })
  }

  private writeRecord(file: File.File, buffer: LogBuffer): Effect.Effect<void, IoError.IoError> {
    return Effect.suspend(() => {
      const { mark, position } = this
      if (buffer.waiting === 0) return Effect.void
      const record = buffer.take({ position, durable: 0, mark })
      return Effect.map(file.writeAt(position, record), () => {
        this.position += record.length
        buffer.written(record)
        this.journal.settle()
      })
    })
  }

  /** From here on the journal waits. */
  private writeRest(file: File.File): Effect.Effect<void, IoError.IoError> {
    return this.journal.lock
      .take(1)
      .pipe(
        Effect.andThen(Effect.sync(() => (this.isLast = true))),
        Effect.andThen(this.writeShadow(file))
      )
  }

  private get switchOver(): Effect.Effect<void, IoError.IoError, Files.Files | Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const scope = yield* Scope.fork(yield* Effect.scope)
      const opened = Files.open(this.path, { access: "readWrite" })
      const file = yield* Scope.provide(opened, scope)
      const { mark, position: end } = this
      const former = this.journal.adopt({ file, end, mark }, this.shadow)
      this.end()
      yield* this.journal.lock.release(1)
      // The first file is the journal's own, and in its scope.
      const { formerScope } = this
      this.formerScope = scope
      yield* formerScope === undefined ? former.close : Scope.close(formerScope, Exit.void)
    })
  }
}
