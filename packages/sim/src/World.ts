/**
 * A world: virtual time, what is ready, what comes later, and what keeps it alive.
 *
 * Everything happens in steps; a step is one task. Each costs a little virtual time, so that a
 * program that never waits still meets its timeouts. `WorldLoop` says which step is next; it is
 * synchronous and knows no host: `Pump` runs it inside one.
 */
import { Choices } from "./Choices.ts"
import { EventHash } from "./EventHash.ts"
import type { DecisionLog } from "./explore/DecisionLog.ts"
import type { Ending } from "./explore/Ending.ts"
import { delayNanos, type Policy } from "./explore/Policy.ts"
import { RandomWalk } from "./explore/RandomWalk.ts"
import { Scheduling } from "./explore/Scheduling.ts"
import { WorldProbe } from "./explore/WorldProbe.ts"
import { EventQueue, type Event } from "./loop/EventQueue.ts"
import { Fibers } from "./Fibers.ts"
import { Hooks } from "./loop/Hooks.ts"
import { Lanes } from "./loop/Lanes.ts"
import type { LocalTime } from "./loop/LocalTime.ts"
import { ReadyList } from "./loop/ReadyList.ts"
import { Strand, StrandKind, type Task } from "./loop/Strand.ts"
import type { TraceSink } from "./trace/TraceSink.ts"
import { TurnFigures } from "./loop/TurnFigures.ts"
import { type RunMode, type Stop, WorldLoop } from "./loop/WorldLoop.ts"

export type Order = "fifo" | "random"

export interface WorldOptions {
  /** An integer from 0 to 2^53 - 1. */
  readonly seed: number
  readonly order: Order
  readonly stepsMax: number
  readonly timeMaxNanos: number
}

/** What a world is made with when it is explored, instead of an order. */
export interface Exploration {
  readonly policy: (world: World) => Policy
  /** Without one nothing is recorded. */
  readonly log: DecisionLog | undefined
}

/** What the loops of several hosts have in common. */
export interface WorldShare {
  readonly choices: Choices
  readonly hash: EventHash
  readonly probe: WorldProbe | undefined
  /** From 1; tells the steps of one from those of another. */
  readonly number: number
  /** Virtual nanoseconds. */
  readonly beginsAt: number
}

const stepNanos = 100

export class World {
  /** Virtual nanoseconds since the world began: an integer, exact for 104 days. */
  now = 0
  /** As of the loop's last look: one when it has polled, one before its timers. */
  loopTime = 0
  steps = 0
  /** Tasks that ever became ready or were put off; tells whether anything happened meanwhile. */
  posted = 0
  /** Tasks that are ready now. */
  ready = 0
  /** Nanoseconds that the loop waited for. */
  idleNanos = 0
  stepsMax: number
  timeMaxNanos: number
  isOver = false
  /** See `freeze`. */
  isFrozen = false
  inStep = false
  /** The kind of the step that runs. */
  stepKind: StrandKind = StrandKind.host
  /** Of fibers, in the step that runs: its own, and those that were woken in it. */
  resumes = 0
  readonly choices: Choices
  /** Who decides what hosts leave open; undefined where everything is as on hosts. */
  readonly scheduling: Scheduling | undefined
  /** Told what happens; undefined when nobody wants to know. */
  trace: TraceSink | undefined = undefined
  /** What its programs promise and ask for. */
  readonly probe: WorldProbe
  /** Called when a step has ended. */
  afterStep: (() => void) | undefined = undefined
  readonly hash: EventHash
  readonly fibers = new Fibers()
  readonly turns = new TurnFigures()
  readonly hooks = new Hooks(this)
  readonly timers = new EventQueue()
  /** Packets, and the kernel's own timers. */
  readonly packets = new EventQueue()
  /** Ready tasks of fibers. */
  readonly lanes: Lanes
  /** Ready tasks by the kind of their strand. */
  readonly lists: ReadonlyArray<ReadyList | Lanes>
  /** Told when there is work and `run` is not on the stack. */
  onWork: () => void = () => {}

  /** What its host's clock shows; undefined where that is the virtual time. */
  localTime: LocalTime | undefined = undefined
  /** Set when it is dead already, to learn whom the end of one of its fibers lets go on. */
  ending: Ending | undefined = undefined
  /** It does nothing before that time, as a process that is stopped. */
  pausedUntil = 0

  private readonly loop: WorldLoop
  /** What the kinds of its steps begin with in the hash. */
  private readonly hashKind: number
  private readonly host = new Strand(StrandKind.host, 1)
  private readonly timer = new Strand(StrandKind.timer, 2)
  private readonly turnEnd: Array<Task> = []
  private strands = 2
  private refs = 0
  private mayRunOutside = false
  /** Where tasks go once the world is over. */
  private outlet: (task: Task) => void = () => {}

  constructor(options: WorldOptions, exploration?: Exploration, share?: WorldShare) {
    this.now = this.loopTime = share?.beginsAt ?? 0
    this.hash = share?.hash ?? new EventHash()
    this.probe = share?.probe ?? new WorldProbe(this)
    this.hashKind = (share?.number ?? 0) * hashKinds
    this.stepsMax = options.stepsMax
    this.timeMaxNanos = options.timeMaxNanos
    this.choices = share?.choices ?? new Choices(options.seed, exploration?.log)
    this.scheduling = this.makeScheduling(options.order, exploration)
    const lanes = (this.lanes = new Lanes(this.scheduling))
    this.lists = Object.values(StrandKind).map((kind) =>
      kind === StrandKind.fiber ? lanes : new ReadyList(this.scheduling)
    )
    this.loop = new WorldLoop(this)
  }

  private makeScheduling(order: Order, exploration?: Exploration): Scheduling | undefined {
    const { schedule } = this.choices
    if (exploration !== undefined) {
      return new Scheduling(exploration.policy(this), schedule, exploration.log)
    }
    return order === "fifo" ? undefined : new Scheduling(new RandomWalk(schedule, 0), schedule)
  }

  /** The strand of timers is the world's own. */
  strand(kind: Exclude<StrandKind, typeof StrandKind.timer>): Strand {
    return new Strand(kind, ++this.strands)
  }

  /** Makes a task ready. It runs in a step of its own, never from inside this call. */
  post(strand: Strand, task: Task, priority = 0): void {
    if (this.isOver) return this.outlet(task)
    this.posted++
    this.ready++
    this.lists[strand.kind]!.push(strand, this.carry(task), priority)
    if (!this.inStep) this.onWork()
  }

  /** `post` for a task of a fiber. */
  postFiber(strand: Strand, task: Task, priority: number): void {
    if (this.isOver) return this.outlet(task)
    if (this.scheduling !== undefined && this.holdBack(this.scheduling, strand, task)) return
    const { lanes } = this
    if (lanes.size === 0) this.turns.armed(this.now)
    this.posted++
    this.ready++
    lanes.push(strand, this.carry(task), priority)
    if (!this.inStep) this.onWork()
  }

  // What comes after a task that is held back waits behind it: a strand keeps its order.
  private holdBack(scheduling: Scheduling, strand: Strand, task: Task): boolean {
    const delay = scheduling.delay(strand)
    if (delay === 0 && strand.held === 0) return false
    strand.held++
    strand.heldUntil = Math.max(strand.heldUntil, this.now + delayNanos(delay))
    this.refs++
    const run = this.carry(task)
    this.schedule(this.packets, strand.heldUntil - this.now, strand, () => {
      this.refs--
      strand.held--
      run()
    })
    return true
  }

  private carry(task: Task): Task {
    return this.trace === undefined ? task : this.trace.carry(task)
  }

  /** As `post`, in the one order of the host's own callbacks. */
  later(task: Task): void {
    this.post(this.host, task)
  }

  /** Makes a task ready `nanos` from now; an integer >= 0. It does not keep the loop alive. */
  after(nanos: number, strand: Strand, task: Task): Event {
    return this.schedule(this.packets, nanos, strand, task)
  }

  /** An event of `packets` has come. */
  takeDue({ strand, task }: Event): void {
    this.ready++
    this.lists[strand.kind]!.push(strand, task, 0)
  }

  /** Of an event that `after` gave. Idempotent, also once it has come. */
  cancel(event: Event): void {
    this.packets.remove(event)
  }

  /** Runs a task in the phase `timers`, `nanos` from now or later; an integer >= 0. Ref'd. */
  startTimer(nanos: number, task: Task): Event {
    const event = this.schedule(this.timers, nanos, this.timer, task)
    if (event.index >= 0) {
      event.isRef = true
      this.refs++
    }
    return event
  }

  /** It will not run. Idempotent, also once it has fired. */
  cancelTimer(event: Event): void {
    if (event.isRef && event.index >= 0) this.refs--
    this.timers.remove(event)
  }

  /** Idempotent, also once it has fired. */
  setTimerRef(event: Event, isRef: boolean): void {
    if (event.index < 0 || event.isRef === isRef) return
    event.isRef = isRef
    this.countRef(isRef ? 1 : -1)
  }

  private schedule(queue: EventQueue, nanos: number, strand: Strand, task: Task): Event {
    if (!this.isOver) {
      this.posted++
      // Whoever is told may know that it is later than the loop has noticed.
      if (!this.inStep) this.onWork()
      return queue.add(this.now + nanos, strand, this.carry(task))
    }
    const event = queue.add(this.now + nanos, strand, task)
    this.now += nanos
    queue.remove(event)
    this.outlet(task)
    return event
  }

  /** Something that keeps the loop alive came (1) or went (-1): see `LoopRef`. */
  countRef(by: number): void {
    this.refs += by
    if (by < 0 || this.inStep || this.isOver) return
    this.posted++
    this.onWork()
  }

  /** Whether anything ref'd is left: a handle, a timer, a sleep. */
  get hasRefs(): boolean {
    return this.refs > 0
  }

  /** As libuv's `uv_loop_alive`; what is ready counts, too. */
  get isAlive(): boolean {
    return !this.isOver && (this.refs > 0 || this.ready > 0)
  }

  /** When the loop can go on: now, at the next event, or, if none can come, never (`Infinity`). */
  get nextTime(): number {
    return this.isOver ? Infinity : Math.max(this.pausedUntil, this.nextEventTime)
  }

  private get nextEventTime(): number {
    if (this.ready > 0 || this.hooks.keepsFromWaiting) return this.now
    if (this.refs === 0) return Infinity
    const timer = this.timers.peek()?.time ?? Infinity
    const packet = this.packets.peek()?.time ?? Infinity
    return Math.max(this.now, Math.min(timer, packet))
  }

  /** What the host's monotonic clock shows at that time, in nanoseconds. */
  local(nanos: number): number {
    return this.localTime === undefined ? nanos : this.localTime.local(nanos)
  }

  /** Virtual nanoseconds until so many have passed on the host's clock. */
  wait(nanos: number): number {
    return this.localTime === undefined ? nanos : this.localTime.wait(nanos, this.now)
  }

  /** It is `time` already, and the loop has waited for so long; a no-op if it knows. */
  catchUp(time: number): void {
    if (time <= this.now) return
    this.idleNanos += time - this.now
    this.now = time
  }

  /** The part of virtual time, 0 to 1, that the loop did not wait. */
  get utilization(): number {
    return this.now === 0 ? 0 : 1 - this.idleNanos / this.now
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

  /** `end`, at once: fibers do not even come to the end of the step that runs. */
  freeze(): void {
    this.isFrozen = true
    this.end()
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

  /** See `WorldLoop.run`. */
  run(stepsMax: number, timerJumpsMax: number, mode: RunMode = "default"): Stop {
    return this.loop.run(stepsMax, timerJumpsMax, mode)
  }

  /** Runs `task`, which nobody runs but the loop, as a step. */
  step(strand: Strand, task: Task): void {
    // `Effect.runSync` in a step runs the world's next steps inside of it.
    const { inStep: wasInStep, turnEnd } = this
    this.now += stepNanos
    this.steps++
    this.resumes = 0
    this.stepKind = strand.kind
    this.hash.add(this.now, this.hashKind + strand.kind, strand.id)
    this.inStep = true
    try {
      task()
      for (let index = 0; index < turnEnd.length; index++) turnEnd[index]!()
    } finally {
      if (turnEnd.length > 0) turnEnd.length = 0
      this.inStep = wasInStep
    }
    if (this.afterStep !== undefined) this.afterStep()
  }
}

const resumesPerStepMax = 64

// More than there are kinds of strands.
const hashKinds = 16
