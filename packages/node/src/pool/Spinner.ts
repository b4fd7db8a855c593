/**
 * Looking for a task for a moment before sleeping.
 *
 * To fall asleep and be woken costs two threads some 40 µs of CPU, and whoever waits as much again.
 * So a worker that has run a task looks for the next one for about as long first: that never costs
 * more than twice what the better choice would have (Karlin, Li, Manasse and Owicki, "Empirical
 * studies of competitive spinning", SOSP 1991). It does so less often where that is in vain, since
 * gaps are long, or both threads are on one processor: down to once in 256 times.
 *
 * One worker of a lane looks at a time, and while it does the main thread wakes nobody: whoever
 * looked wakes as many as there is work for, as in the scheduler of Go (`runtime/proc.go`).
 */
import { at, type LaneMemory, WorkerWord } from "./LaneMemory.ts"

const lookMillisMax = 0.05
/** Times in a row that it sleeps at once, at most. */
const skipsMax = 255

export class Spinner {
  private readonly memory: LaneMemory
  private readonly index: number
  /** On one processor nobody could bring a task meanwhile. */
  private readonly isAlone: boolean
  /** Times that it will sleep at once. */
  private skips = 0
  /** So many after it has looked in vain: twice as many each time, and half after a success. */
  private skipsInVain = 0

  constructor(memory: LaneMemory, index: number, processors: number) {
    this.memory = memory
    this.index = index
    this.isAlone = processors < 2
  }

  /** Whether the signal has moved on from this, so that there may be something to do. */
  look(signal: number): boolean {
    if (this.isAlone) return false
    if (this.skips > 0) {
      this.skips--
      return false
    }
    const { words } = this.memory
    if (Atomics.compareExchange(words, at.spinner, 0, this.index + 1) !== 0) return false
    const end = performance.now() + lookMillisMax
    while (Atomics.load(words, at.signal) === signal && performance.now() < end);
    Atomics.store(words, at.spinner, 0)
    // What was put into the queue before that has woken nobody.
    const hasMoved = Atomics.load(words, at.signal) !== signal
    if (hasMoved) this.wakeOthers()
    this.count(hasMoved)
    return hasMoved
  }

  // One that was given a task, or is being ended, takes none out of the queue.
  private wakeOthers(): void {
    const { memory } = this
    const isFree = Atomics.load(memory.words, at.worker + this.index) === WorkerWord.free
    memory.wakeFor(memory.length - (isFree ? 1 : 0))
  }

  private count(hasMoved: boolean): void {
    const { skipsInVain } = this
    this.skipsInVain = hasMoved ? skipsInVain >> 1 : Math.min(skipsInVain * 2 + 1, skipsMax)
    this.skips = hasMoved ? 0 : this.skipsInVain
  }
}
