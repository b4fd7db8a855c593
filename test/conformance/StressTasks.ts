/** Threads that use shared locks as hard as they can. */
import { BlockingBarrier } from "@portico/core/sync/BlockingBarrier"
import { BlockingMutex } from "@portico/core/sync/BlockingMutex"
import { BlockingReadWriteLock } from "@portico/core/sync/BlockingReadWriteLock"
import { BlockingSemaphore } from "@portico/core/sync/BlockingSemaphore"

type Cell = SharedArrayBuffer

/** Adds 1 to a word, `times` times, with the lock and without any atomic operation. */
export const add = (cell: Cell, counter: Cell, times: number): void => {
  const mutex = new BlockingMutex(cell)
  const words = new Int32Array(counter)
  for (let n = 0; n < times; n++) {
    mutex.lock()
    words[0]!++
    mutex.unlock()
  }
}

/** Keeps two words equal, and looks whether they are; gives how often they were not. */
export const keepEqual = (cell: Cell, pair: Cell, times: number): number => {
  const lock = new BlockingReadWriteLock(cell)
  const words = new Int32Array(pair)
  let wrong = 0
  for (let n = 0; n < times; n++) {
    if (n % 4 === 0) {
      lock.withWrite(() => {
        words[0]!++
        words[1] = words[0]!
      })
    } else {
      lock.withRead(() => {
        if (words[0] !== words[1]) wrong++
      })
    }
  }
  return wrong
}

/** Gives the most that were inside at once, itself included. */
export const enter = (cell: Cell, inside: Cell, times: number): number => {
  const semaphore = new BlockingSemaphore(cell)
  const words = new Int32Array(inside)
  let most = 0
  for (let n = 0; n < times; n++) {
    semaphore.acquire()
    most = Math.max(most, Atomics.add(words, 0, 1) + 1)
    Atomics.sub(words, 0, 1)
    semaphore.release()
  }
  return most
}

/** Takes turns with another: when the word says `mine`, makes it `theirs`. */
export const takeTurns = (
  cell: Cell,
  turn: Cell,
  [mine, theirs]: readonly [number, number],
  times: number
): void => {
  const mutex = new BlockingMutex(cell)
  const condition = mutex.condition()
  const words = new Int32Array(turn)
  for (let n = 0; n < times; n++) {
    mutex.lock()
    while (words[0] !== mine) condition.wait()
    words[0] = theirs
    condition.notify()
    mutex.unlock()
  }
}

/** Meets another so many times; gives how often it was last. */
export const meet = (cell: Cell, times: number): number => {
  const barrier = new BlockingBarrier(cell)
  let last = 0
  for (let n = 0; n < times; n++) if (barrier.arrive()) last++
  return last
}

/** Locks and unlocks for ever, whatever it is asked; says when it has begun. */
export const churn = (cell: Cell, begun: Cell): void => {
  const mutex = new BlockingMutex(cell)
  const words = new Int32Array(begun)
  for (;;) {
    mutex.lock()
    Atomics.store(words, 0, 1)
    mutex.unlock()
  }
}
