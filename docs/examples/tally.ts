import { BlockingMutex } from "@portico/core/sync/BlockingMutex"

/** Adds up in shared memory, beside others who do. Needs no Effect. */
export const tally = (lock: SharedArrayBuffer, sum: SharedArrayBuffer, numbers: number): void => {
  const mutex = new BlockingMutex(lock)
  const words = new Float64Array(sum)
  for (let number = 1; number <= numbers; number++) {
    mutex.lock()
    words[0] = words[0]! + number
    mutex.unlock()
  }
}

/** Forgets to unlock. */
export const forget = (lock: SharedArrayBuffer): void => new BlockingMutex(lock).lock()
