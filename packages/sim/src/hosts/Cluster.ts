/**
 * The loops of several hosts' processes, and what their kernels wait for, in one order of virtual
 * time: whatever can go on earliest does, for one step.
 *
 * Each process has a core of its own: its steps take its own time, and while it waits others run.
 * So times of different hosts may differ by what one step takes, and a packet never arrives before
 * it was sent.
 */
import { Choices } from "../Choices.ts"
import { EventHash } from "../EventHash.ts"
import { Strand, StrandKind } from "../loop/Strand.ts"
import { type Exploration, World, type WorldOptions } from "../World.ts"
import type { Stop } from "../loop/WorldLoop.ts"
import type { Pumped } from "../Pump.ts"
import { Wire } from "./Wire.ts"

export class Cluster implements Pumped {
  steps = 0
  posted = 0
  onWork: () => void = () => {}
  readonly hash = new EventHash()
  readonly choices: Choices
  readonly wire: Wire
  /** Where the scenario runs, outside of any host. When it is over, all is. */
  readonly stage: World
  /** Asked when nothing goes on by itself; true if it made something ready. */
  onStuck: () => boolean = () => false
  private readonly options: WorldOptions
  private readonly exploration: Exploration | undefined
  private readonly worlds: Array<World> = []
  private readonly atOnce = new Strand(StrandKind.host, 0)
  private number = 0
  /** The latest time at which anything ran. */
  private latest = 0
  private running: World | undefined = undefined
  private isRunning = false
  private isCalm = false

  constructor(options: WorldOptions, exploration?: Exploration) {
    this.options = options
    this.exploration = exploration
    this.choices = new Choices(options.seed, exploration?.log)
    this.wire = new Wire(this)
    this.stage = this.open()
  }

  /** Virtual nanoseconds, of whatever runs; else the latest. */
  get now(): number {
    return this.running === undefined ? this.latest : this.running.now
  }

  /** A loop for a new process. */
  open(): World {
    const { choices, hash, latest, now, options } = this
    const number = ++this.number
    const limits = { ...options, stepsMax: Infinity, timeMaxNanos: Infinity }
    const probe = number === 1 ? undefined : this.stage.probe
    const share = { choices, hash, probe, number, beginsAt: Math.max(now, latest) }
    const world = new World(limits, this.exploration, share)
    // Not assigned as a literal: V8 makes such a closure in old space, where it keeps its world
    // until a major collection.
    const onWork = () => {
      world.catchUp(this.now)
      this.posted++
      if (!this.isRunning) this.onWork()
    }
    world.onWork = onWork
    if (this.isCalm) world.scheduling?.calm()
    this.worlds.push(world)
    return world
  }

  /** See `Scheduling.calm`: of all loops, and of those to come. */
  calm(): void {
    this.isCalm = true
    for (const { scheduling } of this.worlds) scheduling?.calm()
  }

  /** Its fibers stay where they are for good. */
  close(world: World): void {
    world.freeze()
    this.worlds.splice(this.worlds.indexOf(world), 1)
  }

  end(outlet?: (task: () => void) => void): void {
    for (const world of this.worlds) world.end(world === this.stage ? outlet : undefined)
  }

  /** Runs `task` before anything else does, in a step that belongs to no host. */
  soon(task: () => void): void {
    this.posted++
    this.wire.after(0, this.atOnce, task)
    if (!this.isRunning) this.onWork()
  }

  /** See `WorldLoop.run`. Time jumps to packets as to timers. */
  run(stepsMax: number, jumpsMax: number): Stop {
    const stepsEnd = this.steps + stepsMax
    this.isRunning = true
    try {
      for (let jumpsLeft = jumpsMax; ;) {
        if (this.stage.isOver) return "over"
        if (this.steps >= stepsEnd) return "paused"
        if (this.steps >= this.options.stepsMax) return "stepLimit"
        const next = this.next()
        const time = next === undefined ? this.wire.nextTime : next.nextTime
        if (time === Infinity) {
          if (this.onStuck()) continue
          return "stuck"
        }
        if (time > this.options.timeMaxNanos) return "timeLimit"
        if (time > this.latest && (next?.ready ?? 0) === 0 && jumpsLeft-- <= 0) return "timer"
        this.step(next, time)
      }
    } finally {
      this.running = undefined
      this.isRunning = false
    }
  }

  /** The loop that can go on earliest; undefined if a kernel can. */
  private next(): World | undefined {
    const { worlds } = this
    let found: World | undefined
    let time = this.wire.nextTime
    for (let index = 0; index < worlds.length; index++) {
      const worldTime = worlds[index]!.nextTime
      if (worldTime >= time) continue
      time = worldTime
      found = worlds[index]
    }
    return found
  }

  private step(world: World | undefined, time: number): void {
    this.steps++
    if (time > this.latest) this.latest = time
    this.running = world
    if (world === undefined) {
      const { strand, task } = this.wire.take()
      this.hash.add(time, strand.kind, strand.id)
      task()
    } else {
      if (world.pausedUntil > world.now) world.catchUp(time)
      world.run(1, Infinity)
      if (world.now > this.latest) this.latest = world.now
    }
    this.running = undefined
    if (world !== this.stage) this.stage.afterStep?.()
  }
}
