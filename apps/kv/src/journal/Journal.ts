/**
 * The log on its way to the disk: what waits is written as one record, by one fiber, so that the
 * requests of all connections that came meanwhile share one write and one sync (group commit).
 *
 * It stops at the first failure and never tries again: after a failed fsync(2) nobody knows what is
 * on the disk, and a later success would say nothing of it (A. Rebello et al., Can Applications
 * Recover from fsync Failures?, 2020). Whoever waits then is not answered.
 */
import type { File, IoError } from "@portico/core"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { LogSink } from "../Engine.ts"
import { LogBuffer } from "./LogBuffer.ts"

/** When a change may be told to the client that made it. */
export type SyncPolicy = "always" | "every-second"

const syncPeriod: Duration.Input = "1 second"

/** Bytes that wait to be written; beyond, no request is run. */
export const waitingBytesMax = 8 * 1024 * 1024

interface Waiter {
  readonly place: number
  readonly resume: (done: Effect.Effect<void>) => void
}

/** A file that is a log, all of it durable. */
export interface LogFile {
  readonly file: File.File
  readonly end: number
  readonly mark: number
}

export class Journal {
  readonly buffer = new LogBuffer()
  /** Fails with what stopped it. */
  readonly failed = Deferred.makeUnsafe<never, IoError.IoError>()
  /** Held while a record is written, and while a rewrite puts another file in the place of it. */
  readonly lock = Semaphore.makeUnsafe(1)
  records = 0
  syncs = 0
  /** Called when the file has grown. */
  onWritten: () => void = () => {}
  /** Takes everything that `buffer` takes: a rewrite under way. */
  shadow: LogBuffer | undefined
  readonly policy: SyncPolicy
  private file: File.File
  private mark: number
  /** Of the file: where the next record goes, and up to where all is durable. */
  private end: number
  private durableEnd: number
  // The same in `LogBuffer.appended`.
  private writtenPlace = 0
  private durablePlace = 0
  private waiters: Array<Waiter> = []
  /** Who waits for room. */
  private crowd = new Set<() => void>()
  private wake: (() => void) | undefined

  constructor({ end, file, mark }: LogFile, policy: SyncPolicy) {
    this.file = file
    this.mark = mark
    this.end = end
    this.durableEnd = end
    this.policy = policy
  }

  /** Where what changes goes. */
  readonly sink: LogSink = {
    append: (bytes, start, end) => {
      this.buffer.append(bytes, start, end)
      this.shadow?.append(bytes, start, end)
      this.tell()
    },
    appendCommand: (...args) => {
      this.buffer.appendCommand(...args)
      this.shadow?.appendCommand(...args)
      this.tell()
    }
  }

  get bytes(): number {
    return this.end
  }

  /**
   * Replies may not leave: of what changed so far, something is not safe yet, or too much waits.
   */
  get isBehind(): boolean {
    if (this.policy === "always") return this.durablePlace < this.buffer.appended
    return this.isFull
  }

  /** Too much waits to be written: whoever asks for something is to wait for `room`. */
  get isFull(): boolean {
    return this.buffer.waiting + (this.shadow?.waiting ?? 0) > waitingBytesMax
  }

  /**
   * Waits until all that changed so far is as safe as the policy says. For ever when the log has
   * failed: then the server stops.
   */
  readonly settled: Effect.Effect<void> = Effect.callback<void>((resume) => {
    if (!this.isBehind) return resume(Effect.void)
    this.waiters.push({ place: this.buffer.appended, resume })
  })

  /** Waits until it is not full, or was not for a moment. */
  readonly room: Effect.Effect<void> = Effect.callback<void>((resume) => {
    if (!this.isFull) return resume(Effect.void)
    const enter = () => resume(Effect.void)
    this.crowd.add(enter)
    return Effect.sync(() => void this.crowd.delete(enter))
  })

  /** Writes and syncs all that changed so far. */
  readonly flush: Effect.Effect<void, IoError.IoError> = Effect.suspend(() =>
    this.lock.withPermits(1)(
      Effect.andThen(
        Effect.suspend(() => (this.buffer.waiting === 0 ? Effect.void : this.writeOne)),
        this.sync
      )
    )
  )

  /** Takes another file that holds all up to the present `place`, durably, for its own. */
  adopt({ end, file, mark }: LogFile, rest: LogBuffer): File.File {
    const { file: former } = this
    this.file = file
    this.mark = mark
    this.end = end
    this.durableEnd = end
    this.buffer.replaceBy(rest)
    this.writtenPlace = this.buffer.appended - this.buffer.waiting
    this.durablePlace = this.writtenPlace
    this.settle()
    this.tell()
    return former
  }

  private tell(): void {
    const { wake } = this
    this.wake = undefined
    wake?.()
  }

  /** Tells those who wait, as far as they need not. */
  settle(): void {
    this.answer()
    // Behind those who were let in before: what comes now may fill it again.
    if (!this.isFull) this.letIn()
  }

  private answer(): void {
    const place = this.policy === "always" ? this.durablePlace : Infinity
    if (this.policy !== "always" && this.isFull) return
    const { waiters } = this
    let count = 0
    while (count < waiters.length && waiters[count]!.place <= place) count++
    for (const { resume } of waiters.splice(0, count)) resume(Effect.void)
  }

  private letIn(): void {
    const { crowd } = this
    this.crowd = new Set()
    for (const enter of crowd) enter()
  }

  private get sync(): Effect.Effect<void, IoError.IoError> {
    return Effect.suspend(() => {
      const { end, writtenPlace } = this
      if (this.durablePlace === writtenPlace) return Effect.void
      const { file } = this
      return Effect.map(file.syncData, () => {
        // A rewrite may have put another file in its place meanwhile, and synced that.
        if (file !== this.file) return
        this.syncs++
        this.durableEnd = end
        this.durablePlace = writtenPlace
      })
    })
  }

  private get writeOne(): Effect.Effect<void, IoError.IoError> {
    return Effect.suspend(() => {
      const { buffer } = this
      const place = buffer.appended
      const { durableEnd: durable, end: position, mark } = this
      const record = buffer.take({ position, durable, mark })
      return Effect.map(this.file.writeAt(position, record), () => {
        this.end += record.length
        this.writtenPlace = place
        this.records++
        buffer.written(record)
        this.onWritten()
      })
    })
  }

  private get something(): Effect.Effect<void> {
    return Effect.callback<void>((resume) => {
      if (this.buffer.waiting > 0) return resume(Effect.void)
      this.wake = () => resume(Effect.void)
    })
  }

  private get work(): Effect.Effect<never, IoError.IoError> {
    const step = Effect.suspend(() => {
      if (this.buffer.waiting === 0) return Effect.void
      return this.policy === "always" ? Effect.andThen(this.writeOne, this.sync) : this.writeOne
    })
    return this.something.pipe(
      // The other connections that this turn has woken are heard first.
      Effect.andThen(Effect.yieldNow),
      Effect.andThen(this.lock.withPermits(1)(step)),
      Effect.andThen(Effect.sync(() => this.settle())),
      Effect.forever
    )
  }

  private get syncNowAndThen(): Effect.Effect<never, IoError.IoError> {
    return Effect.sleep(syncPeriod).pipe(Effect.andThen(this.sync), Effect.forever)
  }

  /** Writes until the scope ends. What is not written then is not: see `flush`. */
  readonly run: Effect.Effect<void, never, Scope.Scope> = Effect.suspend(() => {
    const fail = (error: IoError.IoError) =>
      Effect.sync(() => Deferred.doneUnsafe(this.failed, Exit.fail(error)))
    const start = (work: Effect.Effect<never, IoError.IoError>) =>
      Effect.forkScoped(Effect.catchTag(work, "IoError", fail))
    return this.policy === "always"
      ? Effect.asVoid(start(this.work))
      : Effect.asVoid(Effect.andThen(start(this.work), start(this.syncNowAndThen)))
  })

  /** For a rewrite: it could not be finished, and the file may be either. */
  fail(error: IoError.IoError): void {
    Deferred.doneUnsafe(this.failed, Exit.fail(error))
  }
}
