/**
 * The world's loop: virtual time, what is ready, what comes later, and the choice between them.
 *
 * Everything happens in steps; a step is one task. Each costs a little virtual time, so that a
 * program that never waits still meets its timeouts, and time jumps to the next event when nothing
 * is ready. The loop is synchronous and knows no host: `Pump` runs it inside one.
 */
import { Choices } from "./Choices.ts"
import { EventHash } from "./EventHash.ts"
import { EventQueue, type Event } from "./EventQueue.ts"
import { Fibers } from "./Fibers.ts"
import { type Order, ReadyList } from "./ReadyList.ts"
import { Strand, StrandKind, type Task } from "./Strand.ts"

export interface WorldOptions {
  /** An integer from 0 to 2^53 - 1. */
  readonly seed: number
  readonly order: Order
  readonly stepsMax: number
  readonly timeMaxNanos: number
}

/** Why `run` came back: out of steps, before a timer, with nothing left to run, at a limit. */
export type Stop = "paused" | "timer" | "idle" | "stepLimit" | "timeLimit"

const stepNanos = 100

export class World {
  /** Virtual nanoseconds since the world began: an integer, exact for 104 days. */
  now = 0
  steps = 0
  /** Tasks that ever became ready or were put off; tells whether anything happened meanwhile. */
  posted = 0
  readonly choices: Choices
  readonly hash = new EventHash()
  readonly fibers = new Fibers()
  /** Told when there is work and `run` is not on the stack. */
  onWork: () => void = () => {}

  private stepsMax: number
  private timeMaxNanos: number
  private readonly ready: ReadyList
  private readonly events = new EventQueue()
  private readonly host: Strand
  private readonly turnEnd: Array<Task> = []
  private strands = 0
  inStep = false
  private resumes = 0
  private isOver = false
  private mayRunOutside = false
  /** Where tasks go once the world is over. */
  private outlet: (task: Task) => void = () => {}

  constructor(options: WorldOptions) {
    this.stepsMax = options.stepsMax
    this.timeMaxNanos = options.timeMaxNanos
    this.choices = new Choices(options.seed)
    this.ready = new ReadyList(options.order, this.choices.schedule)
    this.host = this.strand(StrandKind.host)
  }

  strand(kind: StrandKind): Strand {
    return new Strand(kind, ++this.strands)
  }

  /** Makes a task ready. It runs in a step of its own, never from inside this call. */
  post(strand: Strand, task: Task, priority = 0): void {
    if (this.isOver) return this.outlet(task)
    this.posted++
    this.ready.push(strand, task, priority)
    if (!this.inStep) this.onWork()
  }

  /** As `post`, in the one order of the host's own callbacks. */
  later(task: Task): void {
    this.post(this.host, task)
  }

  /** Makes a task ready `nanos` from now; an integer >= 0. */
  after(nanos: number, strand: Strand, task: Task): Event {
    const event = this.events.add(this.now + nanos, strand, task)
    if (this.isOver) {
      this.now += nanos
      this.events.remove(event)
      this.outlet(task)
    } else {
      this.posted++
      if (!this.inStep) this.onWork()
    }
    return event
  }

  cancel(event: Event): void {
    this.events.remove(event)
  }

  /** Runs `task` when this step ends; outside of steps, in the next one. */
  atStepEnd(task: Task): void {
    if (this.inStep) this.turnEnd.push(task)
    else this.later(task)
  }

  /**
   * The world is over: what is ready or pending is dropped. With an `outlet`, fibers that are
   * interrupted later can still end: their tasks go there, and nothing takes time any more. Without
   * one they stay where they are, as those of a killed process.
   */
  end(outlet?: (task: Task) => void): void {
    this.isOver = true
    if (outlet !== undefined) this.outlet = outlet
    this.mayRunOutside = outlet !== undefined
  }

  /** Moves the limits, for what has to run after one was reached. */
  allowMore(steps: number, nanos: number): void {
    this.stepsMax = Math.max(this.stepsMax, this.steps + steps)
    this.timeMaxNanos = Math.max(this.timeMaxNanos, this.now + nanos)
  }

  /**
   * Whether a fiber that was resumed just now may run on. Inside a step it may, as in production,
   * where wakers run what they wake. Resumed from outside (a promise, an interrupt by the host) it
   * has to come back as a step. So has the last of a long chain of resumes: each is a stack frame.
   */
  mayResume(): boolean {
    if (this.isOver) return this.mayRunOutside
    return this.inStep && ++this.resumes <= resumesPerStepMax
  }

  /**
   * Runs at most `stepsMax` steps, and lets time jump to a timer at most `timerJumpsMax` times. A
   * task that throws is a bug in a port or in core; the exception comes out here.
   */
  run(stepsMax: number, timerJumpsMax: number): Stop {
    let jumps = timerJumpsMax
    for (let left = stepsMax; left > 0; left--) {
      if (this.isOver) return "idle"
      if (this.steps >= this.stepsMax) return "stepLimit"
      if (this.ready.size === 0) {
        const next = this.events.peek()
        if (next === undefined) return "idle"
        if (next.time > this.timeMaxNanos) return "timeLimit"
        if (next.strand.kind === StrandKind.timer && next.time > this.now && jumps-- <= 0) {
          return "timer"
        }
        this.now = Math.max(this.now, next.time)
      }
      this.takeDue()
      this.step()
    }
    return "paused"
  }

  private takeDue(): void {
    const events = this.events
    for (;;) {
      const next = events.peek()
      if (next === undefined || next.time > this.now) return
      events.remove(next)
      this.ready.push(next.strand, next.task, 0)
    }
  }

  private step(): void {
    const strand = this.ready.next()
    const task = strand.shift()
    this.now += stepNanos
    this.steps++
    this.resumes = 0
    this.hash.add(this.now, strand.kind, strand.id)
    this.inStep = true
    try {
      task()
      const turnEnd = this.turnEnd
      for (let index = 0; index < turnEnd.length; index++) turnEnd[index]!()
    } finally {
      this.turnEnd.length = 0
      this.inStep = false
    }
  }
}

const resumesPerStepMax = 64
