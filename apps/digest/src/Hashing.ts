/** Hashes files on the threads of a lane. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { BlockingPool, type IoError, type PoolError, Task } from "@portico/core"
import type * as Worker from "./main.hashing.ts"

export const sha256 = Task.module<typeof Worker>(
  new URL("./main.hashing.ts", import.meta.url)
).task("sha256")

export interface Hashing {
  /** Files whose hashes are under way, or wait for a thread, at once. */
  readonly filesMax: number
  /** Of the file at `path`, as 64 hexadecimal digits, or why there is none. */
  readonly hash: (path: string) => Effect.Effect<Worker.Hashed>
  /** Bytes that were read so far; exact, and up to date while threads run. */
  readonly bytesRead: () => bigint
}

const describe = (error: PoolError.PoolError): Worker.Hashed => ({ problem: error.message })

/** In the scope around it, on so many threads. */
export const make = Effect.fnUntraced(function* (
  threads: number
): Effect.fn.Return<Hashing, IoError.IoError, BlockingPool.BlockingPool | Scope.Scope> {
  // The next file of a thread waits for it: a thread never waits for this one.
  const filesMax = threads * 2
  const lane = yield* BlockingPool.openLane({
    name: "digest",
    threadsMax: threads,
    queueMax: filesMax,
    // A file waits for as long as the one before it takes.
    waitMax: Duration.days(1)
  })
  const cell = new SharedArrayBuffer(8)
  const counter = new BigInt64Array(cell)
  return {
    filesMax,
    hash: (path) =>
      Effect.catch(lane.run(sha256, [path, cell]), (error) => Effect.succeed(describe(error))),
    bytesRead: () => Atomics.load(counter, 0)
  }
})
