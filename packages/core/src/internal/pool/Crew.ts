/**
 * The workers of a lane: as many as there is work for, up to the bound; those that had nothing to
 * do for a whole period end.
 */
import type { PortLane } from "../../port/WorkerPort.ts"
import type { LoopTimer, LoopTimers } from "../loop/LoopTimers.ts"
import type { Home } from "../sync/Home.ts"
import { workersMax } from "./LaneArguments.ts"
import type { LaneFigures } from "./LaneFigures.ts"

export class Crew {
  private readonly port: PortLane
  private readonly timers: LoopTimers
  private readonly figures: LaneFigures
  private readonly idleMaxMillis: number
  /** Alive or starting, and not told to end. */
  private readonly members = new Set<number>()
  private readonly home: () => Home
  private readonly seats = new Map<number, number>()
  /** Told to end, and not gone yet. */
  private readonly leaving = new Set<number>()
  /** The most that were wanted at once in this period. */
  private wantedMax = 0
  private timer: LoopTimer | undefined

  constructor(
    port: PortLane,
    { home, timers }: { readonly home: () => Home; readonly timers: LoopTimers },
    figures: LaneFigures,
    idleMaxMillis: number
  ) {
    this.port = port
    this.home = home
    this.timers = timers
    this.figures = figures
    this.idleMaxMillis = idleMaxMillis
  }

  get size(): number {
    return this.members.size
  }

  get isGone(): boolean {
    return this.members.size === 0 && this.leaving.size === 0
  }

  /** At least `count`, of which there may be `countMax`. */
  want(count: number, countMax: number): void {
    const wanted = Math.min(count, countMax)
    if (wanted > this.wantedMax) this.wantedMax = wanted
    while (this.members.size < wanted && this.members.size + this.leaving.size < workersMax) {
      this.members.add(this.spawn())
      this.figures.threads.started++
      this.watch()
    }
  }

  private spawn(): number {
    const home = this.home()
    const seat = home.open()
    if (seat === undefined) return this.port.spawn(undefined)
    const worker = this.port.spawn({
      table: home.seats.buffer,
      seat,
      taskEnded: () => home.taskEnded(seat),
      workerEnded: () => home.ended(seat)
    })
    this.seats.set(worker, seat)
    return worker
  }

  /** It looks whether the task that it runs was asked to stop, if that waits for a lock. */
  wake(worker: number): void {
    const seat = this.seats.get(worker)
    if (seat !== undefined) this.home().seats.unpark(seat)
  }

  /** No more than `countMax`: those that run a task go after it. */
  limit(countMax: number): void {
    while (this.members.size > countMax && this.tell(true));
  }

  private tell(evenBusy: boolean): boolean {
    const worker = this.port.retire(evenBusy)
    if (worker === 0) return false
    this.members.delete(worker)
    this.leaving.add(worker)
    this.figures.threads.retired++
    return true
  }

  private watch(): void {
    if (this.timer !== undefined) return
    this.timer = this.timers.start(this.idleMaxMillis, this.look)
    this.timer.setRef(false)
  }

  // Whoever was wanted at some time in the period stays, so a thread ends after one to two of them.
  private readonly look = (): void => {
    this.timer = undefined
    const { wantedMax } = this
    this.wantedMax = 0
    while (this.members.size > wantedMax && this.tell(false));
    if (this.members.size > 0) this.watch()
  }

  /** The port says that it is gone. */
  gone(worker: number): void {
    if (this.members.delete(worker)) this.figures.threads.lost++
    this.leaving.delete(worker)
    const seat = this.seats.get(worker)
    this.seats.delete(worker)
    if (seat !== undefined) this.home().leave(seat)
    if (this.members.size === 0) this.rest()
  }

  /** The timer ends. */
  rest(): void {
    this.timer?.cancel()
    this.timer = undefined
  }
}
