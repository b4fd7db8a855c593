/**
 * The run queue of a thread: lanes by priority, each with three sides, and aging.
 *
 * Lower priority numbers run first. Within a lane, fibers go first that a callback of the host woke
 * and would have run, had there not been too many such callbacks. Then those that were woken or
 * started (fresh), then those that used up their slice (spent): who computes waits for who serves.
 * Whatever is passed over ages, and after `passesMax` dispatches of others it is next, so nothing
 * waits for ever.
 */
import type { LaneLength } from "../../LoopSnapshot.ts"
import { type Task, TaskQueue } from "../TaskQueue.ts"

/** A side that was passed over this often is served once. */
const passesMax = 16

class Side {
  readonly queue = new TaskQueue()
  passes = 0
}

export interface Lane {
  readonly priority: number
  readonly resumed: Side
  readonly fresh: Side
  readonly spent: Side
}

export class Lanes {
  /** Lanes that were ever used, by priority; at most `lanesMax`, further priorities share one. */
  private static readonly lanesMax = 32
  private readonly lanes: Array<Lane> = []
  private zero: Lane | undefined
  length = 0

  push(task: Task, priority: number, isSpent: boolean): void {
    const lane = priority === 0 ? (this.zero ??= this.laneOf(0)) : this.laneOf(priority)
    ;(isSpent ? lane.spent : lane.fresh).queue.push(task)
    this.length++
  }

  /** A resume that was put off in a callback. They keep their order among themselves. */
  pushResumed(task: Task): void {
    ;(this.zero ??= this.laneOf(0)).resumed.queue.push(task)
    this.length++
  }

  private laneOf(priority: number): Lane {
    const { lanes } = this
    let index = 0
    while (index < lanes.length && lanes[index]!.priority < priority) index++
    const found = lanes[index]
    if (found !== undefined && found.priority === priority) return found
    if (lanes.length === Lanes.lanesMax) return lanes[Math.min(index, lanes.length - 1)]!
    const lane: Lane = {
      priority,
      resumed: new Side(),
      fresh: new Side(),
      spent: new Side()
    }
    lanes.splice(index, 0, lane)
    return lane
  }

  /** Lanes with tasks, in the order in which they are served. */
  lengths(): ReadonlyArray<LaneLength> {
    return this.lanes
      .map(({ fresh, priority, resumed, spent }) => ({
        priority,
        fresh: fresh.queue.length + resumed.queue.length,
        spent: spent.queue.length
      }))
      .filter(({ fresh, spent }) => fresh + spent > 0)
  }

  /** The task to run next; there must be one. */
  shift(): Task {
    this.length--
    let chosen: Side | undefined
    for (const lane of this.lanes) {
      chosen = this.consider(lane.resumed, chosen)
      chosen = this.consider(lane.fresh, chosen)
      chosen = this.consider(lane.spent, chosen)
    }
    chosen!.passes = 0
    return chosen!.queue.shift()
  }

  // The first side with work is chosen, unless a later one has been passed over too often.
  private consider(side: Side, chosen: Side | undefined): Side | undefined {
    if (side.queue.length === 0) return chosen
    if (chosen === undefined) return side
    if (++side.passes <= passesMax) return chosen
    return side
  }
}
