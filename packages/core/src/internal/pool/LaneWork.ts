/**
 * What a lane does with tasks: takes them, starts them in order, stops them, and tells how they
 * ended. The handle around it is `LaneHandle`.
 */
import type { LaneOptions } from "../../PoolOptions.ts"
import { PoolReason } from "../../PoolReason.ts"
import type {
  PortAnswer,
  PortCall,
  PortLane,
  PortLaneEvents,
  PortTask,
  PortTaskEnd,
  PortWorkerExit
} from "../../port/WorkerPort.ts"
import type { HandleTable } from "../HandleTable.ts"
import { Crew } from "./Crew.ts"
import { Hold } from "./Hold.ts"
import { Job } from "./Job.ts"
import { type Bounds, changed, defaults, millisOf, workersMax } from "./LaneArguments.ts"
import { LaneFigures } from "./LaneFigures.ts"
import { Line } from "./Line.ts"
import { outcomeOf, reasonOfExit } from "./outcomes.ts"
import { WaitAlarm } from "./WaitAlarm.ts"

/** Until it is tried again to end a worker that was between two tasks. */
const retryMillis = 1

export class LaneWork implements PortLaneEvents {
  readonly name: string
  readonly heapMaxMiB: number | undefined
  readonly figures = new LaneFigures()
  readonly line: Line
  readonly crew: Crew
  readonly port: PortLane
  private readonly table: HandleTable
  private readonly alarm: WaitAlarm
  /** Called whenever something has ended. */
  readonly watchers = new Set<() => void>()
  /** Whether it should keep the process alive now. */
  private isBusy = false
  isRef = true

  constructor(table: HandleTable, options: LaneOptions) {
    const { loop, workers } = table.ports
    this.table = table
    this.name = options.name ?? defaults.name
    this.heapMaxMiB = options.heapMaxMiB
    this.port = workers.open(
      {
        name: this.name,
        workersMax,
        heapMaxMiB: options.heapMaxMiB,
        discardsOutput: options.output === "discard",
        isolation: options.isolation ?? "threads"
      },
      this
    )
    const { queueMax, waitMaxMillis } = defaults
    const bounds = { threadsMax: options.threadsMax, queueMax, waitMaxMillis }
    this.line = new Line(this.port, changed(bounds, options))
    const idleMaxMillis = millisOf(options.idleMax, defaults.idleMaxMillis)
    const shared = { home: () => table.home, timers: table.timers }
    this.crew = new Crew(this.port, shared, this.figures, idleMaxMillis)
    this.alarm = new WaitAlarm(
      table.timers,
      () => loop.nowMillis(),
      () => this.endWaits()
    )
  }

  nowMillis(): number {
    return this.table.ports.loop.nowMillis()
  }

  /** Why it is refused, or undefined when it stands in line or has started. */
  take(one: Job | Hold): PoolReason | undefined {
    const { figures, line } = this
    const { queueMax, threadsMax } = line.bounds
    const ahead = line.queued
    switch (line.enter(one)) {
      case "full":
        figures.tasks.refused++
        return PoolReason.PoolFull({ queueMax, threadsMax })
      case "mustWait":
        figures.tasks.timedOut++
        return PoolReason.WaitTimedOut({ waitedMillis: 0, waitMaxMillis: 0, ahead })
      case "taken":
        if (one instanceof Job) figures.tasks.submitted++
        this.advance()
        if (one.place !== "ended") this.alarm.arm(one.deadlineMillis)
        return undefined
    }
  }

  /** Whoever is next starts; to be called when a token may be free. */
  advance(): void {
    const { crew, line } = this
    line.advance()
    crew.want(line.workersWanted, line.bounds.threadsMax)
    this.keepAlive()
  }

  keepAlive(): void {
    const isBusy = this.isRef && this.line.handed.size > 0
    if (isBusy === this.isBusy) return
    this.isBusy = isBusy
    this.port.setRef(isBusy)
  }

  resize(bounds: Bounds): void {
    this.line.bounds = bounds
    this.crew.limit(bounds.threadsMax)
    this.advance()
  }

  /** It never runs; false when it has started, or has ended. */
  withdraw(one: Job | Hold, reason: PoolReason): boolean {
    if (one.place === "ended" || !this.line.withdraw(one)) return false
    if (one instanceof Job) one.end(one.failing(this.name, reason))
    else one.place = "ended"
    return true
  }

  /** Not to run at all, if it has not started. */
  cancelUnstarted(job: Job, reason: PoolReason): boolean {
    if (!this.withdraw(job, reason)) return false
    this.figures.tasks.neverStarted++
    this.figures.tasks.failed++
    this.changed()
    return true
  }

  /** Asks one that runs to stop; then it has this long, Infinity for ever. */
  stop(job: Job, graceMillis: number): void {
    if (job.place !== "handed") return
    const isFirst = !job.isCancelled
    job.isCancelled = true
    // Who has no time is not asked: woken where it waits for a lock, it would be ended while it
    // leaves the line, and the lock would be broken.
    if (isFirst && graceMillis > 0) {
      this.port.cancel(job)
      this.crew.wake(this.port.workerOf(job))
    }
    const endsMillis = this.nowMillis() + graceMillis
    if (endsMillis >= job.graceEndsMillis) return
    job.graceEndsMillis = endsMillis
    job.graceTimer?.cancel()
    if (graceMillis === 0) return this.terminate(job, 0)
    job.graceTimer = this.table.timers.start(graceMillis, () => this.terminate(job, graceMillis))
  }

  private terminate(job: Job, graceMillis: number): void {
    if (job.place !== "handed") return
    job.terminatedAfterMillis = graceMillis
    if (this.port.terminate(job)) return
    job.graceTimer = this.table.timers.start(retryMillis, () => this.terminate(job, graceMillis))
  }

  /** Ends whoever has waited long enough, and gives when the next will have. */
  private endWaits(): number {
    const now = this.nowMillis()
    let next = Infinity
    let ahead = 0
    for (const one of this.line.unstarted()) {
      const { deadlineMillis, sinceMillis, waitMaxMillis } = one
      if (deadlineMillis > now) {
        next = Math.min(next, deadlineMillis)
        ahead++
        continue
      }
      const waitedMillis = now - sinceMillis
      const reason = PoolReason.WaitTimedOut({ waitedMillis, waitMaxMillis, ahead })
      if (!this.withdraw(one, reason)) continue
      this.figures.tasks.timedOut++
      if (one instanceof Hold) one.onRefused(reason)
      else this.figures.tasks.failed++
    }
    this.changed()
    return next
  }

  /** Something has ended. */
  changed(): void {
    this.advance()
    this.tellWatchers()
  }

  private tellWatchers(): void {
    for (const watcher of this.watchers) watcher()
  }

  onItem(task: PortTask, item: unknown): void {
    ;(task as Job).items?.add(item)
  }

  onCall(task: PortTask, { args, call, name }: PortCall): void {
    const tell = (answer: PortAnswer) => this.port.answer(task, call, answer)
    const { calls } = task as Job
    if (calls === undefined) tell({ _tag: "NoHandler" })
    else calls.call(name, args, tell)
  }

  onEnded(task: PortTask, end: PortTaskEnd, startedMillis: number, endedMillis: number): void {
    const job = task as Job
    this.line.handed.delete(job)
    this.figures.waitTime.add(Math.max(0, startedMillis - job.sinceMillis))
    this.figures.runTime.add(Math.max(0, endedMillis - startedMillis))
    const outcome = outcomeOf(job, end, this, this.figures)
    // Before the caller goes on: what it asks for next stands behind those who wait.
    this.advance()
    job.end(outcome)
    this.tellWatchers()
  }

  // A worker that never got ready would be replaced again and again, so each costs a task.
  onWorkerEnded(worker: number, exit: PortWorkerExit, wasReady: boolean): void {
    this.crew.gone(worker)
    if (!wasReady && exit._tag !== "Ended") {
      for (const one of this.line.unstarted()) {
        if (one instanceof Hold || !this.withdraw(one, reasonOfExit(exit, this))) continue
        this.figures.tasks.crashed++
        this.figures.tasks.failed++
        break
      }
    }
    this.changed()
  }

  /** Nobody waits any more: each gets `reason`. */
  clearLine(reason: PoolReason): number {
    let count = 0
    for (const one of Array.from(this.line.unstarted())) {
      if (!this.withdraw(one, reason)) continue
      if (one instanceof Hold) one.onRefused(reason)
      else {
        this.figures.tasks.neverStarted++
        this.figures.tasks.failed++
        count++
      }
    }
    return count
  }

  /** The workers end; nothing runs any more. */
  close(): void {
    this.alarm.disarm()
    this.crew.rest()
    this.keepAlive()
    this.port.close()
  }
}
