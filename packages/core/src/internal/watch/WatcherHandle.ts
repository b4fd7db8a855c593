/**
 * A watcher as a handle: hints come in, looks run one at a time, events wait to be taken.
 *
 * A look is a fiber of its own, begun by a hint and over when there is no more to look at: who is
 * not told of anything costs nothing.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import { IoError } from "../../IoError.ts"
import type { PortTimer } from "../../port/LoopPort.ts"
import { PortFailure } from "../../port/PortFailure.ts"
import { raise } from "../../port/raise.ts"
import type { PortWatch } from "../../port/WatchPort.ts"
import { Reason } from "../../Reason.ts"
import type { WatchCounters, Watcher } from "../../Watcher.ts"
import { WatchEvent } from "../../WatchEvent.ts"
import type { HandleTable } from "../HandleTable.ts"
import { orRetry, tooLate } from "../orRetry.ts"
import { EventQueue } from "./EventQueue.ts"
import { exhausted, Look, type Surroundings } from "./Look.ts"
import { PendingLooks } from "./PendingLooks.ts"
import { SecondLook } from "./SecondLook.ts"
import { operation } from "./WatchArguments.ts"
import { WatchBase } from "./WatchBase.ts"
import type { WatcherParts } from "./WatcherParts.ts"
import { split, WatchedTree } from "./WatchedTree.ts"

/** A look may fail, for want of descriptors, say: it is made again so often, from 100 ms on. */
const retriesMax = 8
const retryMillis = 50

export class WatcherHandle extends WatchBase implements Watcher {
  private readonly around: Surroundings
  private readonly queue: EventQueue
  private readonly tree = new WatchedTree()
  private readonly pending = new PendingLooks()
  private readonly again: SecondLook
  private looking: Fiber.Fiber<void, IoError> | undefined
  private timer: PortTimer | undefined
  private looks = 0
  private eventsTaken = 0
  private failedLooks = 0
  /** The last look failed: hints wait for the next one. */
  private isRetrying = false

  constructor(table: HandleTable, parts: WatcherParts) {
    super(table, parts)
    const { files, root, settings } = parts
    this.queue = new EventQueue(settings.queueMax)
    const settleMillis = settings.method === "host" ? table.ports.watch!.settleMillis : 0
    this.again = new SecondLook(table.timers, settleMillis, () => {
      this.again.moveTo(this.pending)
      raise(this.table.ports.turn, () => this.proceed())
    })
    this.around = {
      files,
      tree: this.tree,
      pending: this.pending,
      entriesMax: settings.entriesMax,
      isRecursive: settings.isRecursive,
      isPolled: settings.method === "polling",
      root: root.directory,
      onlyName: root.name,
      open: (path) => this.openPort(path)
    }
  }

  /** Succeeds when all that is there is known and watched. */
  get begin(): Effect.Effect<void, IoError> {
    return Effect.suspend(() => {
      const look = new Look(this.around)
      return Effect.matchEffect(look.begin, {
        onFailure: (error) =>
          Effect.fail(error instanceof PortFailure ? this.refusal(error) : this.renamed(error)),
        onSuccess: (stat) => {
          if (look.isExhausted) return Effect.fail(this.error(operation, exhausted))
          this.parts.root.stat = stat
          // What is there is no news; what could not be watched is.
          this.tell(look.events.filter(({ _tag }) => _tag === "Unwatched"))
          this.proceed()
          return Effect.void
        }
      })
    })
  }

  private refusal({ cause, reason }: PortFailure): IoError {
    return this.error(operation, reason, cause)
  }

  private renamed({ cause, reason }: IoError): IoError {
    return this.error(operation, reason, cause)
  }

  private openPort(path: string): PortWatch | PortFailure | undefined {
    if (this.method === "polling") return undefined
    const port = this.table.ports.watch!.open(path, {
      onHint: (name, isContent) => {
        this.pending.addName(path, name, isContent)
        this.again.addName(path, name)
        this.proceed()
      },
      onUnknown: () => {
        this.addUnknown(path)
        this.again.addAll(path)
        this.proceed()
      }
    })
    if (!(port instanceof PortFailure) && !this.isRef) port.setRef(false)
    return port
  }

  private addUnknown(path: string): void {
    this.pending.addAll(path)
    if (path !== this.around.root) this.pending.addName(...split(path), false)
  }

  /** Looks if there is something to look at, or at the time of the next poll. */
  private proceed(): void {
    const { isClosing, looking, parts, pending } = this
    if (isClosing || looking !== undefined || parts.root.stat === undefined) return
    if (this.ending !== undefined || this.isRetrying) return
    if (!pending.isEmpty) this.startLook()
    else if (this.method === "polling") this.startTimer(parts.settings.intervalMillis)
  }

  private startTimer(millis: number): void {
    this.timer?.cancel()
    this.timer = this.table.timers.start(millis, () => {
      this.timer = undefined
      this.isRetrying = false
      for (const path of this.tree.directories.keys()) this.pending.addAll(path)
      raise(this.table.ports.turn, () => this.startLook())
    })
    if (!this.isRef) this.timer.setRef(false)
  }

  private startLook(): void {
    this.timer?.cancel()
    this.timer = undefined
    this.looks++
    const { root } = this.parts
    const look = new Look(this.around)
    const checked = Effect.andThen(root.check(this.parts.files), (isThere) => {
      if (isThere) return look.run
      look.isRootGone = true
      return Effect.void
    })
    this.looking = Effect.runForkWith(this.parts.context)(checked)
    this.looking.addObserver((exit) => this.looked(look, exit))
  }

  private looked(look: Look, exit: Exit.Exit<void, IoError>): void {
    this.looking = undefined
    if (this.isClosing) return this.reportClosed()
    this.tell(look.events)
    for (const path of look.changed) this.again.addName(...split(path))
    if (look.isRootGone) this.end(Reason.NotFound())
    else if (Exit.isSuccess(exit)) this.failedLooks = 0
    else this.lookFailed(exit.cause)
    this.proceed()
  }

  /** Looks at everything again, a little later each time; or ends when that does not help. */
  private lookFailed(cause: Cause.Cause<IoError>): void {
    const failure = cause.reasons.find(Cause.isFailReason)?.error
    if (failure === undefined || ++this.failedLooks > retriesMax) {
      const ending = failure ?? new IoError({ operation, reason: Reason.Broken(), cause })
      this.ending = this.error("Watcher.take", ending.reason, ending.cause)
      this.again.close()
      this.tree.close()
      this.readers.wakeAll()
      return
    }
    this.isRetrying = true
    this.startTimer(retryMillis * 2 ** this.failedLooks)
  }

  private end(reason: Reason): void {
    this.queue.push(WatchEvent.RootDeleted({ path: this.path }))
    this.ending = this.error("Watcher.take", reason)
    this.again.close()
    this.tree.close()
    this.readers.wakeAll()
  }

  private tell(events: ReadonlyArray<WatchEvent>): void {
    for (const event of events) this.queue.push(this.parts.root.show(event))
    if (events.length > 0) raise(this.table.ports.turn, () => this.readers.wakeAll())
  }

  private get isReady(): boolean {
    return this.queue.length > 0 || this.ending !== undefined
  }

  get take(): Effect.Effect<WatchEvent, IoError> {
    const operation = "Watcher.take"
    const taken = Effect.sync(() => {
      const event = this.isClosing ? undefined : this.queue.take()
      if (event === undefined) throw tooLate
      this.eventsTaken++
      return event
    })
    const look = Effect.suspend((): Effect.Effect<WatchEvent, IoError> => {
      const isOver = !this.isClosing && this.queue.length === 0 && this.ending !== undefined
      return isOver ? Effect.fail(this.ending!) : orRetry(taken, this.take)
    })
    return Effect.andThen(
      this.readers.until(this, operation, () => this.isReady),
      look
    )
  }

  get close(): Effect.Effect<void> {
    return Effect.uninterruptible(
      Effect.suspend(() => {
        if (this.beginClose()) {
          this.timer?.cancel()
          this.again.close()
          this.tree.close()
          this.queue.clear()
          this.readers.wakeAll()
          if (this.looking === undefined) this.reportClosed()
          else this.looking.interruptUnsafe()
        }
        return this.awaitClosed
      })
    )
  }

  private reportClosed(): void {
    this.table.reportClosed(this)
  }

  get watched(): WatchCounters {
    return {
      entries: this.tree.known.size,
      directories: this.tree.directories.size,
      eventsQueued: this.queue.length,
      eventsTaken: this.eventsTaken,
      eventsLost: this.queue.eventsLost,
      looks: this.looks,
      isLooking: this.looking !== undefined || !this.pending.isEmpty || this.again.isDue
    }
  }

  protected setRefUnsafe(isRef: boolean): void {
    this.tree.setRef(isRef)
    this.timer?.setRef(isRef)
    this.again.setRef(isRef)
  }
}
