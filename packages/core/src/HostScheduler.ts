/**
 * A fiber scheduler that cooperates with the host's event loop.
 *
 * Effect's default gives every fiber a queue of its own, counts operations and not time, and
 * resumes what a callback wakes on that callback's stack. So fibers that compute delay the loop by
 * their number, a loop over settled promises never returns to the host, priorities do not cross
 * fibers, and a long chain of wake-ups overflows the stack. This one has, per thread:
 *
 * - one run queue, with lanes by priority and aging: nothing waits for ever;
 * - a budget of wall-clock time for each turn (then the host polls its I/O and its timers) and for
 *   each slice of a fiber, looked at every 16 operations, or fewer times where they are quick;
 * - I/O first: what the host's callbacks wake runs in those callbacks, and what was woken runs
 *   before what has used up its slice; but fibers run in I/O callbacks for four turns' budgets at
 *   most before the timers and the queue have a turn;
 * - a guard for chains of resumes and for promise loops: after `resumesMax` resumes without a turn,
 *   further ones wait for the next turn;
 * - counters, histograms, and the names of those that hold the thread (`Blame`).
 *
 * It leans on Effect's public `Scheduler` interface only, which tests pin.
 */
import type * as Fiber from "effect/Fiber"
import type * as Scheduler from "effect/Scheduler"
import type { Blame } from "./Blame.ts"
import { Budgets, type HostSchedulerOptions } from "./internal/loop/Budgets.ts"
import { CallbackShare } from "./internal/loop/CallbackShare.ts"
import { Lanes } from "./internal/loop/Lanes.ts"
import { LiveFibers } from "./internal/loop/LiveFibers.ts"
import { LoopCounters } from "./internal/loop/LoopCounters.ts"
import { StepWatch } from "./internal/loop/StepWatch.ts"
import type { Task } from "./internal/TaskQueue.ts"
import type { KnownFiber, LoopScheduler } from "./LoopScheduler.ts"
import type { LoopSnapshot } from "./LoopSnapshot.ts"
import type { LoopPort } from "./port/LoopPort.ts"
import type { TurnWatch } from "./port/Turn.ts"

export type { HostSchedulerOptions } from "./internal/loop/Budgets.ts"
export { layer } from "./internal/loop/schedulerLayer.ts"

/** Operations of a fiber before its first look at the clock, and between looks at most. */
const opsPerLookMin = 16
const opsPerLookMax = 256
/** Tasks between two looks, and where the last ones took less than a sixteenth of a turn. */
const tasksPerLookMin = 8
const tasksPerLookMax = 16
/** The first look comes before: Effect runs 32 at a time. */
const firstCheckMax = opsPerLookMin + 32
/** Sixteens of operations without a look, of one that resumes others; a power of two. */
const returnsPerLook = 8
/** Resumes of one task, or of one callback, between two looks; a power of two. */
const resumesPerLook = 16
const resumesMax = 64
/** Stretches outside of any callback that we know, each closed by a microtask, for each turn. */
const looseStretchesMax = 4

type AnyFiber = Fiber.Fiber<unknown, unknown>

export class HostScheduler implements LoopScheduler, Scheduler.SchedulerDispatcher, TurnWatch {
  readonly executionMode = "async"
  private readonly loop: LoopPort
  private readonly budgets: Budgets
  private readonly lanes = new Lanes()
  private readonly watch: StepWatch
  private readonly live = new LiveFibers()
  private readonly share: CallbackShare
  private readonly counters: LoopCounters

  /** A turn is wanted: the host was asked for one, or will be when the turn that runs is over. */
  private isArmed = false
  private armedAtMillis = 0
  private isServing = false
  /** Stretches in which we know that fibers run: 0 outside, and nested ones count. */
  private depth = 0
  /** The stretch began at a resume from outside of any callback that we know. */
  private isLoose = false
  private looseStretches = 0
  /** When the running slice must end; 0 before its first look. */
  private sliceEnd = 0
  /** The operation of the running fiber before which it looks at the clock next, */
  private nextCheck = 0
  /** or this one where steps are exact: then `nextCheck` is 0. */
  private nextLook = opsPerLookMin
  private opsPerLook = opsPerLookMin
  private resumes = 0
  /** The next resume to look at. 0 outside, and where steps are exact. */
  private nextResume = 0
  private returns = 0
  private isQuick = false
  private tasksUntilLook = tasksPerLookMin
  /** A fiber was told to yield because of its slice, and has not scheduled itself yet. */
  private isSpent = false
  /** The callback that runs is one too many: whom it wakes, the queue serves first. */
  private isCrowded = false
  /** The same for a fiber that was put off in such a callback. */
  private isCrowdedOut = false
  /** The last of those that still stand in the queue. */
  private lastCrowdedOut: Task | undefined

  constructor(loop: LoopPort, options: HostSchedulerOptions = {}) {
    this.loop = loop
    this.budgets = new Budgets(options)
    this.share = new CallbackShare(this.budgets.turnMillisMax)
    this.watch = new StepWatch(() => loop.nowMillis(), this.budgets.blameMillisMin, this.live)
    this.counters = new LoopCounters(loop, this.watch.turnMillis)
  }

  /** Every fiber of the thread shares one run queue. */
  makeDispatcher(): Scheduler.SchedulerDispatcher {
    return this
  }

  // Called before every operation of every fiber. Operation 1 is a start or a resume.
  shouldYield(fiber: AnyFiber): boolean {
    const ops = fiber.currentOpCount
    if (ops === 1) return this.shouldPutOff(fiber)
    return ops >= this.nextCheck && this.check(fiber, ops)
  }

  // Sees every operation while steps are timed one by one, and else those before which to look.
  private check(fiber: AnyFiber, ops: number): boolean {
    if (this.depth === 0) this.beginLoose()
    const { watch } = this
    if (!watch.isExact) return !this.isReturn(ops) && this.isSliceOver(fiber, ops)
    if (!watch.isAt(fiber)) {
      watch.step(fiber, false)
      this.live.resumed(fiber)
    }
    this.nextCheck = watch.isExact ? 0 : this.nextLook
    return ops >= this.nextLook && this.isSliceOver(fiber, ops)
  }

  // The fiber resumed another one, whose first look is due, and goes on. One at each return would
  // be one for each message: where operations are quick there is one for eight times 16 of them.
  private isReturn(ops: number): boolean {
    const isFirst = this.nextCheck === opsPerLookMin && ops < firstCheckMax
    if (isFirst || this.nextCheck === this.nextLook || !this.isQuick) return false
    if ((++this.returns & (returnsPerLook - 1)) === 0) return false
    this.nextCheck = ops + opsPerLookMin
    return true
  }

  // Compilers inline what is short: whatever is not the rule is in `begins`.
  private shouldPutOff(fiber: AnyFiber): boolean {
    this.opsPerLook = this.nextCheck = opsPerLookMin
    return (++this.resumes >= this.nextResume || !this.live.ran(fiber)) && this.begins(fiber)
  }

  // A fiber that is interrupted before it started still has its start in the queue. Put off, the
  // interruption would come after that start and be lost, so whatever comes first runs now.
  private begins(fiber: AnyFiber): boolean {
    if (this.depth === 0) this.beginLoose()
    const { resumes, watch } = this
    if (watch.isExact) {
      watch.step(fiber, resumes === 1)
      this.nextLook = opsPerLookMin
      if (watch.isExact) this.nextCheck = 0
    } else if ((resumes & (resumesPerLook - 1)) === 0) watch.look(false)
    const isRule = !watch.isExact && resumes < resumesMax
    this.nextResume = isRule ? (resumes | (resumesPerLook - 1)) + 1 : 0
    const isNew = this.live.resumed(fiber)
    if (resumes <= resumesMax || isNew) return false
    this.counters.putOff++
    this.isCrowdedOut = this.isCrowded
    this.live.queued(fiber)
    return true
  }

  // A slice counts from the task or callback that it began with, whatever it wakes meanwhile.
  private isSliceOver(fiber: AnyFiber, ops: number): boolean {
    const { watch } = this
    const { sliceMillisMax } = this.budgets
    const before = watch.turnMillis
    const now = watch.lookAt(fiber, this.resumes === 1, this.opsPerLook / opsPerLookMin)
    this.live.resumed(fiber)
    // A look costs as much as several operations: it comes less often while they are quick.
    this.isQuick = now - before < sliceMillisMax / 16
    if (this.isQuick) this.opsPerLook = Math.min(this.opsPerLook * 2, opsPerLookMax)
    else if (now - before > sliceMillisMax / 4) this.opsPerLook = opsPerLookMin
    this.nextLook = ops + this.opsPerLook
    this.nextCheck = watch.isExact ? (this.nextResume = 0) : this.nextLook
    if (this.sliceEnd === 0) this.sliceEnd = now + sliceMillisMax
    if (now < this.sliceEnd) return false
    this.counters.slices++
    this.isSpent = true
    this.live.queued(fiber)
    return true
  }

  scheduleTask(task: Task, priority: number): void {
    if (this.isCrowdedOut) {
      this.lanes.pushResumed(task)
      this.lastCrowdedOut = task
    } else this.lanes.push(task, priority, this.isSpent)
    this.isSpent = this.isCrowdedOut = false
    if (!this.isArmed) this.arm(this.watch.isTimed ? this.watch.turnMillis : this.refreshTime())
  }

  // The host does not wait before an armed turn: the time since the last look is somebody's work.
  private arm(nowMillis: number): void {
    this.isArmed = true
    this.armedAtMillis = nowMillis
    if (!this.isServing) this.loop.armTurn(this.runTurn)
  }

  private readonly runTurn = (): void => {
    this.isArmed = false
    this.watch.turned()
    const hasLooked = this.endStretch()
    this.looseStretches = 0
    this.share.renew()
    if (this.lanes.length > 0) this.serve(hasLooked)
  }

  // What ran since the turn was armed: whether the clock was looked at for its end.
  private endStretch(): boolean {
    const hasLooks = this.isLoose && this.watch.isTimed && !this.watch.isShared
    if (this.isLoose) this.endLoose()
    return this.settle() || hasLooks
  }

  private serve(hasLooked: boolean): void {
    this.isServing = true
    const { lanes, watch } = this
    this.open()
    const began = hasLooked ? watch.beginHere() : watch.look(true)
    this.counters.lag.add(began - this.armedAtMillis)
    this.counters.turns++
    const end = began + this.budgets.turnMillisMax
    try {
      while (lanes.length > 0) {
        this.runTask()
        if (watch.turnMillis >= end) break
      }
    } finally {
      this.counters.turnTime.add(this.close())
      this.endTurn()
    }
  }

  // What a turn queued it mostly ran: the next one is armed only for what is left.
  private endTurn(): void {
    this.isServing = false
    if (this.lanes.length === 0) this.isArmed = false
    else if (this.isArmed) this.loop.armTurn(this.runTurn)
    else this.arm(this.watch.turnMillis)
  }

  private runTask(): void {
    this.resumes = this.sliceEnd = 0
    if (this.nextResume !== 0) this.nextResume = this.watch.isExact ? 0 : resumesPerLook
    this.counters.tasks++
    const task = this.lanes.shift()
    if (task === this.lastCrowdedOut) this.lastCrowdedOut = undefined
    task()
    // The end of the turn looks for its last task.
    const isDue = --this.tasksUntilLook <= 0 || (this.lanes.length > 0 && this.watch.endsStep())
    if (!isDue) return
    const { turnMillis } = this.watch
    const areQuick = this.watch.look(true) - turnMillis < this.budgets.turnMillisMax / 16
    this.tasksUntilLook = areQuick ? tasksPerLookMax : tasksPerLookMin
  }

  /** A callback of the host begins, in which fibers may be resumed: I/O, a timer. Nests. */
  begin(): void {
    if (this.depth > 0 && !this.isLoose) {
      this.depth++
      return
    }
    this.open()
    // Fibers that run in callbacks have had their share: further ones queue up. So they do behind
    // those that queued up before and did not have their turn yet: none overtakes them.
    this.isCrowded = this.share.isTaken || this.lastCrowdedOut !== undefined
    if (this.isCrowded) this.resumes = resumesMax
  }

  /** The callback is over. */
  end(): void {
    if (this.depth > 1) {
      this.depth--
      return
    }
    const { watch } = this
    if (watch.isShared) return this.endShared()
    const { isTimed } = watch
    const millis = this.close()
    if (!isTimed) return
    this.counters.callbacks++
    this.count(millis)
    if (this.isArmed) return
    // Those that follow share looks until that turn. Asked for before callbacks have had their
    // share, it makes room for them.
    if (this.share.isHalfTaken || watch.wantsTurn()) this.arm(watch.turnMillis)
  }

  private endShared(): void {
    const hasRun = this.resumes > (this.isCrowded ? resumesMax : 0)
    this.depth = this.nextCheck = this.nextResume = 0
    this.isCrowded = false
    if (hasRun) this.counters.callbacks++
    if (this.watch.endShared(hasRun)) this.settle()
  }

  private settle(): boolean {
    const millis = this.watch.settle()
    if (millis === undefined) return false
    this.counters.busyMillis += millis
    this.count(millis)
    return true
  }

  private count(millis: number): void {
    this.counters.turnTime.add(millis)
    this.share.take(millis)
  }

  private open(): void {
    if (this.isLoose) this.endLoose()
    this.depth = 1
    this.sliceEnd = this.resumes = this.nextResume = 0
    this.beginWatch()
  }

  private beginWatch(): void {
    if (this.watch.beginShared(this.isArmed)) return
    this.settle()
    this.watch.begin()
  }

  private close(): number {
    this.depth = 0
    this.isCrowded = false
    const millis = this.watch.end()
    this.nextCheck = this.nextResume = 0
    this.counters.busyMillis += millis
    return millis
  }

  // A promise, or a callback of somebody else's, resumed a fiber. A microtask ends the stretch, or,
  // where one follows upon another, the next turn does. `resumes` counts on: this is how a loop
  // over settled promises comes to an end.
  private beginLoose(): void {
    this.depth = 1
    this.isLoose = true
    this.sliceEnd = 0
    this.beginWatch()
    if (++this.looseStretches <= looseStretchesMax) this.loop.soon(this.looseIsOver)
    else if (!this.isArmed) this.arm(this.refreshTime())
  }

  private readonly looseIsOver = (): void => {
    if (!this.isLoose) return
    this.endLoose()
    if (!this.isArmed && this.watch.wantsTurn()) this.arm(this.watch.turnMillis)
  }

  private endLoose(): void {
    this.isLoose = false
    if (this.watch.isShared) return this.endShared()
    this.counters.callbacks++
    this.counters.turnTime.add(this.close())
  }

  /** Runs everything that waits, now. For `Effect.runSync`-like callers; not for servers. */
  flush(): void {
    while (this.lanes.length > 0) this.runTask()
  }

  get turnMillis(): number {
    return this.watch.turnMillis
  }

  refreshTime(): number {
    const { watch } = this
    return watch.isTimed ? watch.look(false) : (watch.turnMillis = this.loop.nowMillis())
  }

  snapshot(): LoopSnapshot {
    return this.counters.snapshot(this.lanes, this.live, this.watch)
  }

  fibers(): ReadonlyArray<KnownFiber> {
    return this.live.list()
  }

  onBlame(listener: (blame: Blame) => void): () => void {
    return this.watch.long.onBlame(listener)
  }
}
