/**
 * The lanes that most programs want, each for one kind of work, so that none delays another: opened
 * with the layer, without a thread until there is work.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type BlockingPool, openLane } from "./BlockingPool.ts"
import type { IoError } from "./IoError.ts"
import type { PoolLane } from "./PoolLane.ts"
import type { LaneOptions } from "./PoolOptions.ts"

export type LaneName = "files" | "lookup" | "cpu" | "user"

export class PoolLanes extends Context.Service<
  PoolLanes,
  {
    /** For calls that block on files. Four threads, and 10,000 may wait. */
    readonly files: PoolLane
    /** For calls that block on names and on the network. Two threads; tasks wait 10 seconds. */
    readonly lookup: PoolLane
    /** For computing. Two threads: give it as many as there are cores to spare. */
    readonly cpu: PoolLane
    /** For whatever else. Four threads. */
    readonly user: PoolLane
  }
>()("@portico/core/PoolLanes") {}

const defaults: Readonly<Record<LaneName, LaneOptions>> = {
  files: { threadsMax: 4, queueMax: 10_000 },
  lookup: { threadsMax: 2, waitMax: "10 seconds" },
  cpu: { threadsMax: 2 },
  user: { threadsMax: 4 }
}

/**
 * The lanes, with other options where some are given, each named as its key. They are unref'd when
 * idle, as all lanes. Fails with `InvalidArgument`.
 */
export const layer = (
  options: Partial<Record<LaneName, Partial<LaneOptions>>> = {}
): Layer.Layer<PoolLanes, IoError, BlockingPool> => {
  const open = (name: LaneName) => openLane({ name, ...defaults[name], ...options[name] })
  return Layer.effect(
    PoolLanes,
    Effect.gen(function* () {
      return PoolLanes.of({
        files: yield* open("files"),
        lookup: yield* open("lookup"),
        cpu: yield* open("cpu"),
        user: yield* open("user")
      })
    })
  )
}
