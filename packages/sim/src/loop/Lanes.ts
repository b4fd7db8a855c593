/**
 * The fibers' tasks that could run now: a ready list for each priority, served as hosts do it
 * (core's `HostScheduler`), whichever fiber a task is of: the lowest number first, and who was
 * passed over too often in between.
 */
import type { Scheduling } from "../explore/Scheduling.ts"
import { ReadyList } from "./ReadyList.ts"
import type { Strand, Task } from "./Strand.ts"

/** A lane that was passed over this often is served once. */
const passesMax = 16

interface Lane {
  readonly priority: number
  readonly list: ReadyList
  passes: number
}

export class Lanes {
  size = 0
  /** Tasks that ever were next. */
  taken = 0
  private readonly scheduling: Scheduling | undefined
  /** By priority. As many as there were priorities: they are the program's own numbers. */
  private readonly lanes: Array<Lane> = []
  // Most programs have no other.
  private readonly zero: Lane

  constructor(scheduling: Scheduling | undefined) {
    this.scheduling = scheduling
    this.zero = this.laneOf(0)
  }

  push(strand: Strand, task: Task, priority: number): void {
    this.size++
    const lane = priority === 0 ? this.zero : this.laneOf(priority)
    lane.list.push(strand, task, priority)
  }

  private laneOf(priority: number): Lane {
    const { lanes } = this
    let index = 0
    while (index < lanes.length && lanes[index]!.priority < priority) index++
    const found = lanes[index]
    if (found !== undefined && found.priority === priority) return found
    const lane = { priority, list: new ReadyList(this.scheduling), passes: 0 }
    lanes.splice(index, 0, lane)
    return lane
  }

  /** The strand whose first task is next, for the caller to shift. There must be one. */
  next(): Strand {
    this.size--
    this.taken++
    return (this.lanes.length === 1 ? this.zero : this.choose()).list.next()
  }

  private choose(): Lane {
    let chosen: Lane | undefined
    for (const lane of this.lanes) {
      if (lane.list.size === 0) continue
      if (chosen === undefined || ++lane.passes > passesMax) chosen = lane
    }
    chosen!.passes = 0
    return chosen!
  }

  /** The highest rank of a strand that goes before, or beside, a fiber that yields. */
  highest(rankOf: (strand: Strand) => number): number {
    let highest = -Infinity
    for (const { list, priority } of this.lanes) {
      // Effect yields with priority 0: what comes after that would not get to run.
      if (priority > 0) break
      highest = Math.max(highest, list.highest(rankOf))
    }
    return highest
  }

  /** Of those that are not empty, in their order. */
  lengths(): ReadonlyArray<{ readonly priority: number; readonly length: number }> {
    return this.lanes
      .filter(({ list }) => list.size > 0)
      .map(({ list, priority }) => ({ priority, length: list.size }))
  }
}
