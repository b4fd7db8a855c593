/**
 * What a lane's threads share: the queue of tasks, who runs which, who was asked to stop, and what
 * has ended.
 *
 * The main thread alone fills slots and puts their numbers into the queue; workers take numbers out
 * by moving `head`, first come, first served; whoever runs a task writes its result into its slot
 * and the slot's number into the list of those that ended. Nobody waits for a message unless a
 * value is too large or too rich for a slot.
 */

/** Tasks in the hands of a lane's threads: a power of two. */
export const slotCount = 256
/** What arguments or a result may take in a slot. */
export const slotBytes = 512
/** Workers whose threads have not ended, those told to end included. */
export const workersMax = 192

/** Of 32-bit words, from the start. */
export const at = {
  /** Moved with each task that is put into the queue: idle workers wait for it. */
  signal: 0,
  /** How many tasks were taken out of the queue, and put in. */
  head: 1,
  tail: 2,
  /** How many slots were put into the list of those that ended. */
  ended: 3,
  /** 1 while a message is on its way that tells the main thread to look. */
  told: 4,
  /** The index of the worker that looks for a task without sleeping plus 1, or 0. */
  spinner: 5,
  /** Per worker: the number of the slot that it runs plus 1, or one of `WorkerWord`. */
  worker: 8,
  /** Per worker: moved with each message that it should look for. */
  mail: 8 + workersMax,
  /** Per worker: 1 when it is to end before it takes another task. */
  retire: 8 + 2 * workersMax,
  /** The queue's ring, then that of the ended. */
  queue: 8 + 3 * workersMax,
  endedRing: 8 + 3 * workersMax + slotCount,
  slots: 8 + 3 * workersMax + 2 * slotCount
} as const

/**
 * In the word of a worker. It takes a task only from `looking`, which it enters from `free` or from
 * the task before; the main thread ends it only by changing the word from `starting`, `free` or
 * from the very task. So no other task is lost with it.
 */
export const WorkerWord = { free: 0, ending: -1, looking: -2, starting: -3 } as const

/** Words of a slot. */
export const inSlot = {
  state: 0,
  /** Who runs it: the index of a worker plus 1. */
  worker: 1,
  /** Which function. */
  task: 2,
  /** Of the arguments, then of the result; -1 when they come by message. */
  length: 3,
  isCancelled: 4,
  /** How it ended. */
  kind: 5,
  /** Items that it may give before it waits; -1 for a task that gives one result. */
  credit: 6
} as const
const wordsPerSlot = 8

export const SlotState = { unused: 0, queued: 1, running: 2, revoked: 3 } as const

/** What an entry in the list of the ended says; `isSent`: its arguments are on their way. */
export const EndKind = { succeeded: 0, wantsArguments: 1, isSent: 2 } as const

const wordCount = at.slots + slotCount * wordsPerSlot
const timesStart = Math.ceil((wordCount * 4) / 8) * 8
const bytesStart = timesStart + slotCount * 2 * 8

export class LaneMemory {
  readonly buffer: SharedArrayBuffer
  readonly words: Int32Array<SharedArrayBuffer>
  /** Per slot: when it started and ended, on the main thread's clock. */
  readonly times: Float64Array<SharedArrayBuffer>
  readonly bytes: Uint8Array<SharedArrayBuffer>

  constructor(buffer = new SharedArrayBuffer(bytesStart + slotCount * slotBytes)) {
    this.buffer = buffer
    this.words = new Int32Array(buffer, 0, wordCount)
    this.times = new Float64Array(buffer, timesStart, slotCount * 2)
    this.bytes = new Uint8Array(buffer, bytesStart, slotCount * slotBytes)
  }

  /** The index of a slot's word. */
  word(slot: number, which: number): number {
    return at.slots + slot * wordsPerSlot + which
  }

  read(slot: number, which: number): number {
    return Atomics.load(this.words, at.slots + slot * wordsPerSlot + which)
  }

  write(slot: number, which: number, value: number): void {
    Atomics.store(this.words, at.slots + slot * wordsPerSlot + which, value)
  }

  /** The main thread's: a slot goes last. */
  enqueue(slot: number): void {
    const { words } = this
    const tail = Atomics.load(words, at.tail)
    Atomics.store(words, at.queue + (tail & (slotCount - 1)), slot)
    Atomics.store(words, at.tail, (tail + 1) | 0)
    Atomics.add(words, at.signal, 1)
    if (!this.isWatched) Atomics.notify(words, at.signal, 1)
  }

  /** Whether a worker sees what is put into the queue without being woken. */
  private get isWatched(): boolean {
    const { words } = this
    const spinner = Atomics.load(words, at.spinner)
    return spinner > 0 && Atomics.load(words, at.worker + spinner - 1) !== WorkerWord.ending
  }

  /** So many idle workers look. */
  wakeFor(count: number): void {
    if (count > 0) Atomics.notify(this.words, at.signal, count)
  }

  /** A worker is gone, whatever it was doing. */
  forget(worker: number): void {
    Atomics.compareExchange(this.words, at.spinner, worker + 1, 0)
    this.wakeAll()
  }

  /** All idle workers look: one that was woken for a task may have ended instead. */
  wakeAll(): void {
    Atomics.add(this.words, at.signal, 1)
    Atomics.notify(this.words, at.signal)
  }

  /** Tasks that wait for a worker. */
  get length(): number {
    return (Atomics.load(this.words, at.tail) - Atomics.load(this.words, at.head)) | 0
  }

  /** A worker's: the first that is in the queue, or -1. */
  dequeue(): number {
    const { words } = this
    for (;;) {
      const head = Atomics.load(words, at.head)
      if (head === Atomics.load(words, at.tail)) return -1
      const slot = Atomics.load(words, at.queue + (head & (slotCount - 1)))
      if (Atomics.compareExchange(words, at.head, head, (head + 1) | 0) === head) return slot
    }
  }

  /** A worker's: tells the main thread to look at a slot. True if that has to be woken. */
  reportEnded(slot: number): boolean {
    const { words } = this
    const place = Atomics.add(words, at.ended, 1) & (slotCount - 1)
    Atomics.store(words, at.endedRing + place, slot + 1)
    return Atomics.exchange(words, at.told, 1) === 0
  }
}
