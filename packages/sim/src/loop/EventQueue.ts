/**
 * What happens later: timers and packets, in order of time, then of creation. A binary heap.
 */
import type { Strand, Task } from "./Strand.ts"

export interface Event {
  /** Virtual nanoseconds. */
  readonly time: number
  readonly sequence: number
  readonly strand: Strand
  readonly task: Task
  /** Where it is in the heap; -1 once it was taken or removed. */
  index: number
  /** A timer that keeps the loop alive. */
  isRef: boolean
  /** The fiber that sleeps until then, 0 if it is unknown; undefined if this is no sleep. */
  sleeper: number | undefined
}

export class EventQueue {
  private readonly heap: Array<Event> = []
  private sequence = 0

  get size(): number {
    return this.heap.length
  }

  add(time: number, strand: Strand, task: Task): Event {
    const event: Event = {
      time,
      sequence: this.sequence++,
      strand,
      task,
      index: this.heap.length,
      isRef: false,
      sleeper: undefined
    }
    this.heap.push(event)
    this.up(event)
    return event
  }

  /** The earliest event, left in place. */
  peek(): Event | undefined {
    return this.heap[0]
  }

  /** All of them, in no order. */
  list(): ReadonlyArray<Event> {
    return this.heap
  }

  /** A no-op once the event was taken or removed. */
  remove(event: Event): void {
    const index = event.index
    if (index < 0) return
    event.index = -1
    const last = this.heap.pop()!
    if (last === event) return
    last.index = index
    this.heap[index] = last
    this.up(last)
    this.down(last)
  }

  private up(event: Event): void {
    const heap = this.heap
    let index = event.index
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = heap[parentIndex]!
      if (!before(event, parent)) break
      heap[index] = parent
      parent.index = index
      index = parentIndex
    }
    heap[index] = event
    event.index = index
  }

  private down(event: Event): void {
    const heap = this.heap
    let index = event.index
    for (;;) {
      let childIndex = index * 2 + 1
      if (childIndex >= heap.length) break
      if (childIndex + 1 < heap.length && before(heap[childIndex + 1]!, heap[childIndex]!)) {
        childIndex++
      }
      const child = heap[childIndex]!
      if (!before(child, event)) break
      heap[index] = child
      child.index = index
      index = childIndex
    }
    heap[index] = event
    event.index = index
  }
}

const before = (left: Event, right: Event): boolean =>
  left.time < right.time || (left.time === right.time && left.sequence < right.sequence)
