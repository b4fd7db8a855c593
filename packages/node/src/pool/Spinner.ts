/**
 * Looking for a task for a moment before sleeping.
 *
 * To fall asleep and be woken costs two threads some 40 µs of CPU, and whoever waits as much again.
 * So a worker that has run a task looks for the next one for about as long first: that never costs
 * more than twice what the better choice would have (Karlin, Li, Manasse and Owicki, "Empirical
 * studies of competitive spinning", SOSP 1991). Where it was in vain it does so less and less often,
 * down to once in 256 times.
 *
 * One worker of a lane looks at a time, and while it does the main thread wakes nobody: whoever
 * looked wakes as many as there is work for (as the scheduler of Go does).
 */
import { at, type LaneMemory } from "./LaneMemory.ts"

const lookMillisMax = 0.05
/** Times in a row that it sleeps at once, at most. */
const skipsMax = 255

export class Spinner {
  private readonly memory: LaneMemory
  private readonly mark: number
  /** On one processor nobody could bring a task meanwhile. */
  private readonly isAlone: boolean
  /** Times that it will sleep at once. */
  private skips = 0
  private skipsNext = 1

  constructor(memory: LaneMemory, index: number, processors: number) {
    this.memory = memory
    this.mark = index + 1
    this.isAlone = processors < 2
  }

  /** Whether the signal has moved on from this, so that there may be something to do. */
  look(signal: number): boolean {
    if (this.isAlone) return false
    if (this.skips > 0) {
      this.skips--
      return false
    }
    const { memory } = this
    const { words } = memory
    if (Atomics.compareExchange(words, at.spinner, 0, this.mark) !== 0) return false
    const end = performance.now() + lookMillisMax
    while (Atomics.load(words, at.signal) === signal && performance.now() < end);
    Atomics.store(words, at.spinner, 0)
    // What was put into the queue before that has woken nobody.
    const hasMoved = Atomics.load(words, at.signal) !== signal
    if (hasMoved) memory.wakeFor(memory.length - 1)
    this.skips = hasMoved ? 0 : this.skipsNext
    this.skipsNext = hasMoved ? 1 : Math.min(this.skipsNext * 2 + 1, skipsMax)
    return hasMoved
  }
}
