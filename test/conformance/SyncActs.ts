/** `SyncSteps` in a real thread. */
import { BlockingBarrier } from "@portico/core/sync/BlockingBarrier"
import { BlockingRingReader, BlockingRingWriter } from "@portico/core/sync/BlockingByteRing"
import { BlockingMutex } from "@portico/core/sync/BlockingMutex"
import { BlockingOnce } from "@portico/core/sync/BlockingOnce"
import { BlockingReadWriteLock } from "@portico/core/sync/BlockingReadWriteLock"
import { BlockingSemaphore } from "@portico/core/sync/BlockingSemaphore"
import { isSyncError } from "@portico/core/sync/SyncError"
import { isRing, pieces, ringBytes, type SyncStep } from "@portico/testkit/SyncSteps"

const come = (gate: SharedArrayBuffer): void => {
  const words = new Int32Array(gate)
  Atomics.add(words, 0, 1)
  Atomics.notify(words, 0)
  while (Atomics.load(words, 1) === 0) Atomics.wait(words, 1, 0)
}

const addHalves = (cell: SharedArrayBuffer): void => {
  const words = new Int32Array(cell)
  const seen = words[0]!
  for (let spin = 0; spin < 50; spin++) Atomics.load(words, 0)
  words[0] = seen + 1
}

const produce = (cell: SharedArrayBuffer, bytes: number): void => {
  const writer = new BlockingRingWriter(cell)
  let start = 0
  for (const size of pieces(bytes)) {
    writer.write(ringBytes(start, size))
    start += size
  }
  writer.close()
}

const consume = (cell: SharedArrayBuffer): number => {
  const reader = new BlockingRingReader(cell)
  const target = new Uint8Array(1_000)
  for (let start = 0; ;) {
    const count = reader.read(target)
    if (count === 0) {
      reader.close()
      return start
    }
    if (!isRing(target.subarray(0, count), start)) return -1
    start += count
  }
}

const take = (step: SyncStep): unknown => {
  switch (step[0]) {
    case "lock":
      return new BlockingMutex(step[1]).lock()
    case "tryLock":
      return new BlockingMutex(step[1]).tryLock()
    case "unlock":
      return new BlockingMutex(step[1]).unlock()
    case "lockRead":
      return new BlockingReadWriteLock(step[1]).lockRead()
    case "lockWrite":
      return new BlockingReadWriteLock(step[1]).lockWrite()
    case "unlockEither":
      return new BlockingReadWriteLock(step[1]).unlock()
    case "acquire":
      return new BlockingSemaphore(step[1]).acquire(step[2])
    case "release":
      return new BlockingSemaphore(step[1]).release(step[2])
    case "arrive":
      return new BlockingBarrier(step[1]).arrive()
    case "once":
      return new BlockingOnce(step[1]).run(() => void Atomics.add(new Int32Array(step[2]), 0, 1))
    case "wait":
      return new BlockingMutex(step[1]).condition().wait()
    case "notify":
      return new BlockingMutex(step[1]).condition().notify(step[2])
    case "add":
      return addHalves(step[1])
    case "count":
      return Atomics.add(new Int32Array(step[1]), 0, 1)
    case "come":
      return come(step[1])
    case "produce":
      return produce(step[1], step[2])
    case "consume":
      return consume(step[1])
    case "exit":
      return process.exit(step[1])
  }
}

/** What each step gave. */
export const act = (steps: ReadonlyArray<SyncStep>): ReadonlyArray<unknown> =>
  steps.map((step) => {
    try {
      return take(step) ?? true
    } catch (error) {
      if (isSyncError(error)) return error.reason._tag
      throw error
    }
  })
