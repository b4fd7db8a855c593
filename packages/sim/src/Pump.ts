/**
 * Runs a world inside a host, in turns of the host's own scheduler: no timer, no microtask.
 *
 * Between turns the host runs what is not ours, native promises above all. So before virtual time
 * jumps to a timer there is a turn for them, and a world is called idle only after some.
 */
import type { SchedulerDispatcher } from "effect/Scheduler"
import type { Stop } from "./loop/WorldLoop.ts"

// About 10 ms, so that the host's own timers and signals are heard.
const stepsPerTurn = 4096
const idleTurnsMax = 64

/** `notAlive` and `stuck`: it has nothing to do. */
export type PumpStop = Exclude<Stop, "paused" | "timer" | "iterated"> | { readonly thrown: unknown }

/** What is pumped: one world, or several hosts. */
export interface Pumped {
  set onWork(onWork: () => void)
  readonly posted: number
  readonly steps: number
  run(stepsMax: number, timerJumpsMax: number): Stop
  end(outlet?: (task: () => void) => void): void
}

export class Pump {
  private readonly world: Pumped
  private readonly dispatcher: SchedulerDispatcher
  private readonly onStop: (stop: PumpStop) => void
  private isArmed = false
  private isStopped = false
  private atTimer = false
  private idleTurns = 0
  private postedBefore = 0

  /**
   * `onStop` is told when the world has nothing to do (again and again, if it had in between), has
   * reached a limit, or threw. Work that is posted then starts the pump again.
   */
  constructor(world: Pumped, dispatcher: SchedulerDispatcher, onStop: (stop: PumpStop) => void) {
    this.world = world
    this.dispatcher = dispatcher
    this.onStop = onStop
    world.onWork = () => this.arm()
  }

  /** Ends the world. Fibers that live on can still be interrupted if they are `released`. */
  stop(released: boolean): void {
    this.isStopped = true
    this.world.end(released ? (task) => this.dispatcher.scheduleTask(task, 0) : undefined)
  }

  private arm(): void {
    if (this.isArmed || this.isStopped) return
    this.isArmed = true
    this.dispatcher.scheduleTask(this.turn, 0)
  }

  private readonly turn = () => {
    this.isArmed = false
    if (this.isStopped) return
    const hasNews = this.world.posted !== this.postedBefore
    if (hasNews) this.idleTurns = 0
    const stop = this.run(this.atTimer && !hasNews ? 1 : 0)
    this.postedBefore = this.world.posted
    this.atTimer = stop === "timer"
    if (stop === "paused" || stop === "timer" || stop === "iterated") return this.arm()
    const isIdle = stop === "notAlive" || stop === "stuck"
    if (isIdle && ++this.idleTurns <= idleTurnsMax) this.arm()
    else if (!this.isStopped) this.onStop(stop)
  }

  private run(timerJumpsMax: number): Stop | { readonly thrown: unknown } {
    try {
      return this.world.run(stepsPerTurn, timerJumpsMax)
    } catch (thrown) {
      return { thrown }
    }
  }
}
