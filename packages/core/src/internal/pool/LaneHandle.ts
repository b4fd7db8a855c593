/** A lane as a handle: `LaneWork` as effects. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { HandleCounters, Wait } from "../../Handle.ts"
import type { LaneReport } from "../../LaneReport.ts"
import type { LaneSnapshot } from "../../LaneSnapshot.ts"
import { PoolError } from "../../PoolError.ts"
import type { PoolLane } from "../../PoolLane.ts"
import type { LaneBounds, LaneOptions, RunOptions, StreamOptions } from "../../PoolOptions.ts"
import { PoolReason } from "../../PoolReason.ts"
import type { PoolTask } from "../../PoolTask.ts"
import type { Site } from "../../Site.ts"
import type { ItemOf, Task } from "../../Task.ts"
import { HandleBase, noCounters } from "../HandleBase.ts"
import type { HandleTable } from "../HandleTable.ts"
import { scoped } from "../scoped.ts"
import { Calls } from "./Calls.ts"
import { holdToken } from "./holdToken.ts"
import { Items } from "./Items.ts"
import { Job } from "./Job.ts"
import * as Arguments from "./LaneArguments.ts"
import { shutDownLane } from "./laneShutdown.ts"
import { snapshotOf } from "./laneSnapshot.ts"
import { LaneWork } from "./LaneWork.ts"
import { TaskHandle } from "./TaskHandle.ts"

const none: RunOptions = {}
const nothingMoved: ReadonlyArray<object> = []

type AnyTask = Task<ReadonlyArray<unknown>, unknown>

export class LaneHandle extends HandleBase implements PoolLane {
  readonly kind = "PoolLane"
  readonly work: LaneWork
  private readonly opened: Site
  private readonly closeGraceMillis: number
  forgetMetrics: () => void = () => {}
  /** It takes no more tasks. */
  isDraining = false
  private isEnded = false

  constructor(table: HandleTable, options: LaneOptions, opened: Site) {
    super(table)
    this.opened = opened
    this.work = new LaneWork(table, options)
    this.work.watchers.add(() => this.look())
    this.closeGraceMillis = Arguments.millisOf(options.closeGrace, Arguments.defaults.graceMillis)
  }

  get name(): string {
    return this.work.name
  }

  failing(reason: PoolReason): Effect.Effect<never, PoolError> {
    return Effect.fail(new PoolError({ lane: this.name, reason }))
  }

  /** Takes a task; or why not. */
  private admit(
    task: AnyTask,
    args: ReadonlyArray<unknown>,
    options: RunOptions,
    items?: Items,
    itemsMax = 0
  ): Job | PoolReason {
    if (this.isClosing || this.isDraining) return PoolReason.Closed()
    const bad =
      Arguments.badTask(task) ?? (options === none ? undefined : Arguments.badRunOptions(options))
    if (bad !== undefined) return bad
    const { work } = this
    const fiber = Fiber.getCurrent()
    const { calls } = options
    const job = new Job(task, args, {
      transfer: options.transfer ?? nothingMoved,
      items,
      itemsMax,
      calls: calls && new Calls(calls, fiber!.context),
      fiberId: fiber?.id ?? 0,
      onInterrupt: options.onInterrupt ?? "terminate",
      graceMillis: Arguments.millisOf(options.grace, Arguments.defaults.graceMillis),
      waitMaxMillis: Arguments.millisOf(options.waitMax, work.line.bounds.waitMaxMillis),
      sinceMillis: work.nowMillis()
    })
    return work.take(job) ?? job
  }

  private refusing(task: AnyTask, reason: PoolReason): Effect.Effect<never, PoolError> {
    if (Arguments.badTask(task) !== undefined) return this.failing(reason)
    const name = `${task.export} of ${task.module}`
    return Effect.fail(new PoolError({ lane: this.name, task: name, reason }))
  }

  readonly run = <Args extends ReadonlyArray<unknown>, Result>(
    task: Task<Args, Result>,
    args: Args,
    options: RunOptions = none
  ): Effect.Effect<Result, PoolError> =>
    Effect.callback<unknown, PoolError>((resume) => {
      const job = this.admit(task as unknown as AnyTask, args, options)
      if (!(job instanceof Job)) return resume(this.refusing(task as unknown as AnyTask, job))
      if (job.outcome !== undefined) return resume(job.outcome)
      job.observers.push(resume)
      return Effect.suspend(() => this.leave(job))
    }) as Effect.Effect<Result, PoolError>

  readonly submit = <Args extends ReadonlyArray<unknown>, Result>(
    task: Task<Args, Result>,
    args: Args,
    options: RunOptions = none
  ): Effect.Effect<PoolTask<Result>, PoolError, Scope.Scope> =>
    scoped(
      () =>
        Effect.suspend(() => {
          const job = this.admit(task as unknown as AnyTask, args, options)
          return job instanceof Job
            ? Effect.succeed(new TaskHandle<Result>(this.work, job))
            : this.refusing(task as unknown as AnyTask, job)
        }),
      (handle) => Effect.suspend(() => this.leave(handle.job))
    )

  readonly stream = <Args extends ReadonlyArray<unknown>, Result>(
    task: Task<Args, Result>,
    args: Args,
    options: StreamOptions = none
  ): Stream.Stream<ItemOf<Result>, PoolError> => {
    const begin = Effect.suspend(() => {
      const { itemsMax = Arguments.defaults.itemsMax } = options
      const bad = Arguments.badItemsMax(itemsMax)
      if (bad !== undefined) return this.failing(bad)
      const items = new Items((count) => this.work.port.allow(job as Job, count))
      const job = this.admit(task as unknown as AnyTask, args, options, items, itemsMax)
      return job instanceof Job
        ? Effect.succeed({ job, items })
        : this.refusing(task as unknown as AnyTask, job)
    })
    const opened = scoped(
      () => begin,
      ({ job }) => Effect.suspend(() => this.leave(job))
    )
    return Stream.unwrap(
      Effect.map(opened, ({ items }) => Stream.fromPull(Effect.succeed(items.pull)))
    ) as Stream.Stream<ItemOf<Result>, PoolError>
  }

  /** Whoever waited for it is gone. */
  private leave(job: Job): Effect.Effect<void> {
    const { work } = this
    if (job.place === "ended") return Effect.void
    const reason = PoolReason.Cancelled({ hasStarted: false })
    if (work.cancelUnstarted(job, reason)) return Effect.void
    work.stop(job, job.onInterrupt === "terminate" ? job.graceMillis : Infinity)
    if (job.onInterrupt === "abandon") {
      job.isAbandoned = true
      return Effect.void
    }
    return Effect.callback<void>((resume) => {
      if (job.outcome !== undefined) return resume(Effect.void)
      job.observers.push(() => resume(Effect.void))
    })
  }

  readonly hold = <A, E, R>(
    effect: Effect.Effect<A, E, R>,
    options?: { readonly waitMax?: Duration.Input | undefined }
  ): Effect.Effect<A, E | PoolError, R> => holdToken(this, effect, options?.waitMax)

  readonly resize = (bounds: Partial<LaneBounds>): Effect.Effect<void, PoolError> =>
    Effect.suspend(() => {
      if (this.isClosing) return this.failing(PoolReason.Closed())
      const bad = Arguments.badBounds(bounds)
      if (bad !== undefined) return this.failing(bad)
      this.work.resize(Arguments.changed(this.work.line.bounds, bounds))
      return Effect.void
    })

  get snapshot(): Effect.Effect<LaneSnapshot> {
    return Effect.sync(() => snapshotOf(this.work))
  }

  readonly shutdown = (options: { readonly deadline: Duration.Input }): Effect.Effect<LaneReport> =>
    shutDownLane(this, options.deadline)

  get close(): Effect.Effect<void> {
    return Effect.uninterruptible(
      Effect.suspend(() => {
        if (this.beginClose()) {
          this.work.clearLine(PoolReason.Closed())
          for (const job of Array.from(this.work.line.handed)) {
            this.work.stop(job, this.closeGraceMillis)
          }
          this.look()
        }
        return this.awaitClosed
      })
    )
  }

  // Once nothing runs, the workers end; once they are gone, so is the handle.
  private look(): void {
    const { crew, line } = this.work
    if (!this.isClosing || this.state._tag === "Closed") return
    if (line.handed.size > 0) return
    if (!this.isEnded) {
      this.isEnded = true
      this.work.close()
    }
    if (crew.isGone && !this.isReported) {
      this.isReported = true
      this.table.reportClosed(this)
    }
  }

  private isReported = false

  override get keepsAlive(): boolean {
    return this.isRef && this.work.line.handed.size > 0
  }

  get waits(): ReadonlyArray<Wait> {
    const { handed, waiting } = this.work.line
    return [...handed, ...waiting].map((one) => ({
      operation: one instanceof Job ? "PoolLane.run" : "PoolLane.hold",
      fiberId: one.fiberId
    }))
  }

  get site(): string | undefined {
    return this.opened.text
  }

  get counters(): HandleCounters {
    return noCounters
  }

  protected get addressText(): string {
    return this.name
  }

  get label(): string {
    return `PoolLane #${this.id} ${this.name}`
  }

  protected setRefUnsafe(isRef: boolean): void {
    this.work.isRef = isRef
    this.work.keepAlive()
  }
}
