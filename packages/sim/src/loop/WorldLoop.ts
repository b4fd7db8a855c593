/**
 * A world's loop, in iterations with the phases of libuv (its design overview, "The I/O loop"):
 *
 *  1. The loop ends if nothing keeps it alive.
 *  2. Pending: callbacks that were put off.
 *  3. Idle hooks.
 *  4. Prepare hooks.
 *  5. Poll: if nothing is ready, time jumps to the next event. The time is looked at. Packets that
 *     are due arrive in the kernel, then ports raise their events.
 *  6. Check: turns that were armed, then fibers' tasks.
 *  7. Closing: reports of handles that were closed.
 *  8. The time is looked at. Timers: those due by then, in order of deadline, then of start. A loop
 *     that has rested runs them before its first iteration, too.
 *
 * Every step belongs to one phase; hooks are called when theirs is entered. `Quotas` says how many
 * tasks a phase may run. All state is in fields, so that the loop may pause after any step.
 */
import type { Phase } from "@portico/core/Phase"
import type { Event } from "./EventQueue.ts"
import type { Hook } from "./Hooks.ts"
import { Quotas } from "./Quotas.ts"
import { StrandKind } from "./Strand.ts"
import type { World } from "../World.ts"

/** As libuv's `uv_run_mode`: until nothing keeps it alive; one iteration; one without waiting. */
export type RunMode = "default" | "once" | "noWait"

/**
 * Why the loop came back:
 * - `paused`: it has made as many steps as it was given;
 * - `timer`: time would have to jump to a timer more often than was allowed;
 * - `iterated`: the one iteration is over;
 * - `notAlive`: nothing keeps it alive;
 * - `stuck`: it is kept alive, and waits in its poll for what cannot come by itself;
 * - `over`: the world was ended;
 * - `stepLimit`, `timeLimit`: a limit of the world.
 */
export type Stop =
  | "paused"
  | "timer"
  | "iterated"
  | "notAlive"
  | "stuck"
  | "over"
  | "stepLimit"
  | "timeLimit"

/** Where in its iteration the loop is. Poll and check have several parts. */
const Place = {
  rest: -1,
  timers: 0,
  pending: 1,
  idle: 2,
  prepare: 3,
  wait: 4,
  packets: 5,
  events: 6,
  turns: 7,
  fibers: 8,
  closing: 9
} as const

/** The phase that is entered at a place: its hooks are called. */
const phases: ReadonlyArray<Phase | undefined> = [
  "timers",
  "pending",
  "idle",
  "prepare",
  "poll",
  undefined,
  undefined,
  "check",
  undefined,
  "closing"
]

/** Whose tasks run at a place; -1 for none. Timers wait in a queue of their own. */
const kinds: ReadonlyArray<number> = [
  -1,
  StrandKind.host,
  -1,
  -1,
  -1,
  StrandKind.packet,
  StrandKind.port,
  StrandKind.turn,
  StrandKind.fiber,
  StrandKind.closing
]

/** What a poll takes that does not wait: about a turn of a host's loop with nothing in it. */
const pollNanos = 1000

interface Until {
  readonly mode: RunMode
  readonly steps: number
  jumpsLeft: number
}

const noHooks: ReadonlyArray<Hook> = []

export class WorldLoop {
  private readonly world: World
  private readonly quotas: Quotas
  private place: number = Place.rest
  private quota = 0
  private hooks = noHooks
  private hooksCalled = 0
  /** Timers whose time is later wait for the next iteration, however long the others take. */
  private dueBy = 0
  /** Something was put off when this iteration began; libuv's `UV_RUN_ONCE` does not wait then. */
  private hadPending = false

  constructor(world: World) {
    this.world = world
    this.quotas = new Quotas(world.scheduling)
  }

  /**
   * Runs as `mode` says, but at most `stepsMax` steps, and lets time jump to a timer at most
   * `timerJumpsMax` times. A task that throws is a bug in a port or in core; the exception comes
   * out here, and the loop can be run on.
   */
  run(stepsMax: number, timerJumpsMax: number, mode: RunMode): Stop {
    const { world } = this
    const until = { mode, steps: world.steps + stepsMax, jumpsLeft: timerJumpsMax }
    if (this.place === Place.rest && !world.isOver) {
      if (!world.isAlive) return "notAlive"
      this.hadPending = world.lists[StrandKind.host]!.size > 0
      this.place = mode === "default" ? Place.timers : this.after(Place.timers)
      this.enter()
    }
    for (;;) {
      const stop = this.runPlace(until) ?? (world.isOver ? "over" : this.leave(until))
      if (stop !== undefined) return stop
    }
  }

  private runPlace(until: Until): Stop | undefined {
    if (this.hooks !== noHooks) {
      const stop = this.callHooks(until)
      if (stop !== undefined) return stop
    }
    if (this.place === Place.timers) return this.runTimers(until)
    return this.quota > 0 ? this.runTasks(until) : undefined
  }

  private callHooks(until: Until): Stop | undefined {
    while (this.hooksCalled < this.hooks.length) {
      const stop = this.limit(until)
      if (stop !== undefined) return stop
      const hook = this.hooks[this.hooksCalled++]!
      if (hook.isActive) this.world.step(hook.strand, hook.callback)
    }
    this.hooks = noHooks
    return undefined
  }

  private runTasks(until: Until): Stop | undefined {
    const { world } = this
    const list = world.lists[kinds[this.place]!]!
    const stepsEnd = Math.min(until.steps, world.stepsMax)
    while (this.quota > 0 && list.size > 0) {
      if (world.isOver || world.steps >= stepsEnd) return this.limit(until)
      this.quota--
      world.ready--
      const strand = list.next()
      world.step(strand, strand.shift())
    }
    return undefined
  }

  private runTimers(until: Until): Stop | undefined {
    const { world } = this
    while (this.quota > 0) {
      const next = world.timers.peek()
      if (next === undefined || next.time > this.dueBy) return undefined
      const stop = this.limit(until)
      if (stop !== undefined) return stop
      this.quota--
      world.cancelTimer(next)
      world.step(next.strand, next.task)
    }
    return undefined
  }

  private limit(until: Until): Stop | undefined {
    const { world } = this
    if (world.isOver) return "over"
    if (world.steps >= until.steps) return "paused"
    if (world.steps >= world.stepsMax) return "stepLimit"
    return undefined
  }

  // On to the next place where there is something to do.
  private leave(until: Until): Stop | undefined {
    const { world } = this
    for (;;) {
      const { place } = this
      if (place === Place.wait) {
        const stop = this.poll(until)
        if (stop !== undefined) return stop
      } else if (place === Place.fibers) {
        world.turns.ended(world.now, world.lanes.size > 0)
      } else if (place === Place.timers && (until.mode !== "default" || !world.isAlive)) {
        this.place = Place.rest
        return until.mode === "default" ? "notAlive" : "iterated"
      }
      this.place = this.after(place)
      if (this.enter()) return undefined
    }
  }

  // The place after `place`, without those that nobody has hooked and where nothing is ready.
  private after(place: number): number {
    const { hooks, lanes, lists, ready } = this.world
    if (hooks.count > 0) return place === Place.closing ? Place.timers : place + 1
    if (place < Place.wait) {
      const hasPending = place < Place.pending && lists[StrandKind.host]!.size > 0
      return hasPending ? Place.pending : Place.wait
    }
    if (ready === 0) return Place.timers
    if (place < Place.packets && lists[StrandKind.packet]!.size > 0) return Place.packets
    if (place < Place.events && lists[StrandKind.port]!.size > 0) return Place.events
    if (place < Place.turns && lists[StrandKind.turn]!.size > 0) return Place.turns
    if (place < Place.fibers && lanes.size > 0) return Place.fibers
    if (place < Place.closing && lists[StrandKind.closing]!.size > 0) return Place.closing
    return Place.timers
  }

  // Whether there is anything to do here.
  private enter(): boolean {
    const { place, world } = this
    this.quota = 0
    if (world.hooks.count > 0) this.enterHooked(phases[place])
    if (place === Place.timers) this.enterTimers()
    else if (place !== Place.wait) this.enterTasks(place)
    return this.quota > 0 || this.hooks !== noHooks
  }

  private enterHooked(phase: Phase | undefined): void {
    const hooks = phase === undefined ? noHooks : this.world.hooks.of(phase)
    this.hooks = hooks.length > 0 ? hooks : noHooks
    this.hooksCalled = 0
  }

  private enterTasks(place: number): void {
    const { world } = this
    const kind = kinds[place]!
    const ready = kind < 0 ? 0 : world.lists[kind]!.size
    if (ready === 0) return
    const isFibers = place === Place.fibers
    this.quota = this.quotas.of(place, ready, isFibers, this.isOnly(ready))
    if (isFibers && this.quota > 0) world.turns.began(world.now, world.steps)
  }

  private enterTimers(): void {
    const { world } = this
    const { now, timers } = world
    world.loopTime = this.dueBy = now
    const next = timers.peek()
    if (next === undefined || next.time > now) return
    this.quota = this.quotas.of(Place.timers, timers.size, false, world.ready === 0)
  }

  // Whether these are all the tasks that could run.
  private isOnly(count: number): boolean {
    const { now, ready, timers } = this.world
    const next = timers.peek()
    return ready === count && (next === undefined || next.time > now)
  }

  // Waits if there is nothing else to do, then takes what is due.
  private poll(until: Until): Stop | undefined {
    const { world } = this
    if (world.ready > 0 || !this.mayWait(until.mode)) world.now += pollNanos
    else {
      const stop = this.wait(until)
      if (stop !== undefined) return stop
    }
    const { now, packets } = world
    world.loopTime = now
    for (let next = packets.peek(); next !== undefined && next.time <= now; next = packets.peek()) {
      packets.remove(next)
      world.takeDue(next)
    }
    return undefined
  }

  private mayWait(mode: RunMode): boolean {
    const { world } = this
    if (!world.hasRefs || world.hooks.keepsFromWaiting) return false
    return mode === "default" || (mode === "once" && !this.hadPending)
  }

  private wait(until: Until): Stop | undefined {
    const { world } = this
    const stop = this.limit(until)
    if (stop !== undefined) return stop
    const timer = world.timers.peek()
    const next = earlier(timer, world.packets.peek())
    if (next === undefined) return "stuck"
    const { time } = next
    if (time > world.timeMaxNanos) return "timeLimit"
    if (time <= world.now) world.now += pollNanos
    else {
      if (next === timer && until.jumpsLeft-- <= 0) return "timer"
      world.idleNanos += time - world.now
      world.now = time
    }
    return undefined
  }
}

const earlier = (timer: Event | undefined, packet: Event | undefined): Event | undefined => {
  if (timer === undefined || packet === undefined) return timer ?? packet
  return packet.time <= timer.time ? packet : timer
}
