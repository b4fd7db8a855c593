/**
 * Who waits in a lane, who runs, and who is next: first come, first served, and no one overtakes.
 *
 * A token that is free while somebody waits is that one's: whoever comes meanwhile stands behind.
 */
import type { PortLane } from "../../port/WorkerPort.ts"
import { Hold } from "./Hold.ts"
import type { Job } from "./Job.ts"
import type { Bounds } from "./LaneArguments.ts"

export type Admission = "taken" | "full" | "mustWait"

export class Line {
  readonly waiting = new Set<Job | Hold>()
  /** With the port; those beyond the tokens have not started. */
  readonly handed = new Set<Job>()
  readonly holding = new Set<Hold>()
  private readonly port: PortLane
  bounds: Bounds

  constructor(port: PortLane, bounds: Bounds) {
    this.port = port
    this.bounds = bounds
  }

  /** Everybody who wants a token or has one. */
  get outstanding(): number {
    return this.waiting.size + this.handed.size + this.holding.size
  }

  /** Those who have no token yet. */
  get queued(): number {
    return Math.max(0, this.outstanding - this.bounds.threadsMax)
  }

  /** Puts it last, if it may wait, or need not. */
  enter(one: Job | Hold): Admission {
    const { bounds } = this
    if (this.outstanding >= bounds.threadsMax) {
      if (one.waitMaxMillis === 0) return "mustWait"
      if (this.queued >= bounds.queueMax) return "full"
    }
    this.waiting.add(one)
    return "taken"
  }

  /** Gives tokens to those who are next, and the port what it takes ahead. */
  advance(): void {
    for (const next of this.waiting) {
      if (next instanceof Hold) {
        if (this.handed.size + this.holding.size >= this.bounds.threadsMax) return
        this.waiting.delete(next)
        this.holding.add(next)
        next.place = "holding"
        next.onGranted()
      } else {
        if (this.handed.size >= this.room) return
        this.waiting.delete(next)
        this.handed.add(next)
        next.place = "handed"
        this.port.submit(next)
      }
    }
  }

  // While tokens are held by others, the port has no more tasks than there are tokens left for it.
  private get room(): number {
    const { threadsMax } = this.bounds
    return this.holding.size > 0 ? threadsMax - this.holding.size : threadsMax + this.port.ahead
  }

  /** Workers that those with the port could use. */
  get workersWanted(): number {
    return Math.min(this.handed.size, this.bounds.threadsMax - this.holding.size)
  }

  /** Takes it back; false if it has started, or has left. */
  withdraw(one: Job | Hold): boolean {
    if (this.waiting.delete(one)) return true
    if (one instanceof Hold || one.place !== "handed" || !this.port.revoke(one)) return false
    this.handed.delete(one)
    return true
  }

  /** Those that have no token, in line. */
  *unstarted(): Iterable<Job | Hold> {
    for (const job of this.handed) if (this.port.workerOf(job) === 0) yield job
    yield* this.waiting
  }
}
