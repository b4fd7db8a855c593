/**
 * Hints as they come, as a handle: many of them are one, and nothing is looked at but whether the
 * directory is still there.
 */
import * as Effect from "effect/Effect"
import type { DirectoryHints, HintInterest } from "../../DirectoryHints.ts"
import type { IoError } from "../../IoError.ts"
import type { PortTimer } from "../../port/LoopPort.ts"
import { PortFailure } from "../../port/PortFailure.ts"
import { raise } from "../../port/raise.ts"
import type { PortWatch, WatchPort } from "../../port/WatchPort.ts"
import { Reason } from "../../Reason.ts"
import type { HandleTable } from "../HandleTable.ts"
import { PendingLooks } from "./PendingLooks.ts"
import { SecondLook } from "./SecondLook.ts"
import { operation } from "./WatchArguments.ts"
import { WatchBase } from "./WatchBase.ts"
import type { WatcherParts } from "./WatcherParts.ts"

/** How long those that are to be told soon may wait for others. */
const soonMillis = 10

export class HintsHandle extends WatchBase implements DirectoryHints {
  private readonly interest: HintInterest
  private readonly again: SecondLook
  private readonly settleMillis: number
  private watch: PortWatch | undefined
  private timer: PortTimer | undefined
  private isNews = false

  constructor(table: HandleTable, parts: WatcherParts, interest: HintInterest) {
    super(table, parts)
    this.interest = interest
    this.settleMillis = this.port?.settleMillis ?? 0
    this.again = new SecondLook(table.timers, this.settleMillis || soonMillis, () => {
      this.again.moveTo(new PendingLooks())
      this.tell()
    })
  }

  /** Undefined where it is polled. */
  private get port(): WatchPort | undefined {
    return this.method === "host" ? this.table.ports.watch! : undefined
  }

  /** Succeeds when each change from then on is told. */
  get begin(): Effect.Effect<void, IoError> {
    return Effect.suspend(() => {
      const { files, root } = this.parts
      const watch = this.port?.open(root.directory, {
        onHint: (name, isContent) => this.hinted(name, isContent),
        onUnknown: () => this.tellOf("now")
      })
      if (watch instanceof PortFailure) {
        return Effect.fail(this.error(operation, watch.reason, watch.cause))
      }
      this.watch = watch
      return Effect.matchEffect(files.stat(root.directory), {
        onFailure: ({ cause, reason }) => Effect.fail(this.error(operation, reason, cause)),
        onSuccess: (stat) => {
          root.stat = stat
          if (this.port === undefined) this.poll()
          return Effect.void
        }
      })
    })
  }

  private hinted(name: string, isContent: boolean): void {
    let when: ReturnType<HintInterest>
    try {
      when = this.interest(name, isContent)
    } catch (cause) {
      if (!this.isOver) this.end(Reason.Broken(), cause)
      return
    }
    this.tellOf(when)
  }

  private tellOf(when: ReturnType<HintInterest>): void {
    // A port may tell two things in one callback, and be closed by who heard the first.
    if (this.isOver || when === "never") return
    if (when === "soon" || this.settleMillis > 0) this.again.addAll(this.path)
    if (when !== "soon") this.tell()
  }

  private get isOver(): boolean {
    return this.isClosing || this.ending !== undefined
  }

  private poll(): void {
    this.timer = this.table.timers.start(this.parts.settings.intervalMillis, () => {
      this.poll()
      this.tell()
    })
    if (!this.isRef) this.timer.setRef(false)
  }

  private tell(): void {
    this.isNews = true
    raise(this.table.ports.turn, () => this.readers.wakeAll())
  }

  get await(): Effect.Effect<void, IoError> {
    const isReady = () => this.isNews || this.ending !== undefined
    return Effect.andThen(
      this.readers.until(this, "DirectoryHints.await", isReady),
      Effect.suspend(() => {
        if (!this.isNews && this.ending !== undefined) return Effect.fail(this.ending)
        // Before the look: what is told during it is of what may have come after it.
        this.isNews = false
        const untold = Effect.sync(() => void (this.isNews = true))
        return Effect.onError(this.checkRoot, () => untold)
      })
    )
  }

  private get checkRoot(): Effect.Effect<void, IoError> {
    return Effect.matchEffect(this.parts.root.check(this.parts.files), {
      onFailure: ({ cause, reason }) =>
        Effect.fail(this.error("DirectoryHints.await", reason, cause)),
      onSuccess: (isThere) => Effect.sync(() => (isThere ? undefined : this.end(Reason.NotFound())))
    })
  }

  private end(reason: Reason, cause?: unknown): void {
    this.ending = this.error("DirectoryHints.await", reason, cause)
    this.stop()
  }

  private stop(): void {
    this.timer?.cancel()
    this.again.close()
    this.watch?.close()
    this.readers.wakeAll()
  }

  get close(): Effect.Effect<void> {
    return Effect.uninterruptible(
      Effect.suspend(() => {
        if (this.beginClose()) {
          this.stop()
          this.table.reportClosed(this)
        }
        return this.awaitClosed
      })
    )
  }

  protected setRefUnsafe(isRef: boolean): void {
    this.watch?.setRef(isRef)
    this.timer?.setRef(isRef)
    this.again.setRef(isRef)
  }
}
