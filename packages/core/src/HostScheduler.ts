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
 *   each slice of a fiber, looked at every `opsPerSample` operations;
 * - I/O first: what the host's callbacks wake runs in those callbacks, and what was woken runs
 *   before what has used up its slice;
 * - a guard for chains of resumes and for promise loops: after `resumesMax` resumes without a turn,
 *   further ones wait for the next turn.
 *
 * It leans on Effect's public `Scheduler` interface only.
 */
import type * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Scheduler from "effect/Scheduler"
import { Lanes } from "./internal/Lanes.ts"
import type { Task } from "./internal/TaskQueue.ts"
import type { LoopPort } from "./port/LoopPort.ts"

export interface HostSchedulerOptions {
  /** Milliseconds of fibers before the host may poll again, 0.01 to 1000. Default 1. */
  readonly turnMillisMax?: number | undefined
  /** Milliseconds a fiber may run on while others wait, 0.01 to 1000. Default 0.2. */
  readonly sliceMillisMax?: number | undefined
}

const opsPerSample = 32
const tasksPerSample = 8
const resumesMax = 64

// The options are the program's own text, so a wrong one is a bug there: thrown, hence a defect.
const budget = (name: string, millis: number): number => {
  if (millis >= 0.01 && millis <= 1000) return millis
  throw new RangeError(`A scheduler's ${name} must be from 0.01 to 1000 milliseconds: ${millis}`)
}

export class HostScheduler implements Scheduler.Scheduler, Scheduler.SchedulerDispatcher {
  readonly executionMode = "async"
  private readonly loop: LoopPort
  private readonly turnMillisMax: number
  private readonly sliceMillisMax: number
  private readonly lanes = new Lanes()
  private isArmed = false
  /** When the running slice must end; 0 before its first sample. */
  private sliceEnd = 0
  private nextSample = opsPerSample
  private resumes = 0
  private readonly started = new WeakSet<Fiber.Fiber<unknown, unknown>>()
  /** The fiber that was told to yield and has not scheduled itself yet. */
  private yielding: Fiber.Fiber<unknown, unknown> | undefined

  constructor(loop: LoopPort, options: HostSchedulerOptions = {}) {
    this.loop = loop
    this.turnMillisMax = budget("turnMillisMax", options.turnMillisMax ?? 1)
    this.sliceMillisMax = budget("sliceMillisMax", options.sliceMillisMax ?? 0.2)
  }

  /** Every fiber of the thread shares one run queue. */
  makeDispatcher(): Scheduler.SchedulerDispatcher {
    return this
  }

  // Called before every operation of every fiber. Operation 1 is a start or a resume.
  shouldYield(fiber: Fiber.Fiber<unknown, unknown>): boolean {
    const ops = fiber.currentOpCount
    if (ops === 1) return this.shouldPutOff(fiber)
    if (ops < this.nextSample) return false
    return this.isSliceOver(fiber, ops)
  }

  // A fiber that is interrupted before it started still has its start in the queue. Put off, the
  // interruption would come after that start and be lost, so whatever comes first runs now.
  private shouldPutOff(fiber: Fiber.Fiber<unknown, unknown>): boolean {
    this.sliceEnd = 0
    this.nextSample = opsPerSample
    const isNew = !this.started.has(fiber)
    if (isNew) this.started.add(fiber)
    return ++this.resumes > resumesMax && !isNew
  }

  private isSliceOver(fiber: Fiber.Fiber<unknown, unknown>, ops: number): boolean {
    const now = this.loop.nowMillis()
    this.nextSample = ops + opsPerSample
    if (this.sliceEnd === 0) {
      this.sliceEnd = now + this.sliceMillisMax
      return false
    }
    if (now < this.sliceEnd) return false
    this.yielding = fiber
    return true
  }

  scheduleTask(task: Task, priority: number): void {
    const isSpent = this.yielding !== undefined
    this.yielding = undefined
    this.lanes.push(task, priority, isSpent)
    if (this.isArmed) return
    this.isArmed = true
    this.loop.armTurn(this.runTurn)
  }

  private readonly runTurn = (): void => {
    this.isArmed = false
    const { lanes, loop } = this
    const end = loop.nowMillis() + this.turnMillisMax
    let untilSample = tasksPerSample
    try {
      while (lanes.length > 0) {
        this.resumes = 0
        lanes.shift()()
        if (--untilSample > 0) continue
        if (loop.nowMillis() >= end) break
        untilSample = tasksPerSample
      }
    } finally {
      if (lanes.length > 0 && !this.isArmed) {
        this.isArmed = true
        loop.armTurn(this.runTurn)
      }
    }
  }

  /** Runs everything that waits, now. For `Effect.runSync`-like callers; not for servers. */
  flush(): void {
    while (this.lanes.length > 0) {
      this.resumes = 0
      this.lanes.shift()()
    }
  }
}

/** Installs a scheduler over `loop` for the program it is provided to. */
export const layer = (loop: LoopPort, options?: HostSchedulerOptions): Layer.Layer<never> =>
  Layer.sync(Scheduler.Scheduler, () => new HostScheduler(loop, options))
