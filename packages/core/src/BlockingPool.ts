/**
 * Blocking and CPU-heavy work on other threads, in lanes.
 *
 * What would hold the loop's thread (a hash of a large file, a synchronous library) runs as a
 * `Task` in a `PoolLane`. In the simulator tasks are models that take virtual time (`Sim.setTask`).
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { IoError } from "./IoError.ts"
import type { PoolLane } from "./PoolLane.ts"
import type { LaneOptions } from "./PoolOptions.ts"
import { Site } from "./Site.ts"

export class BlockingPool extends Context.Service<
  BlockingPool,
  {
    /** `site` is where the handle says that it was opened: by default, where this is called. */
    readonly openLane: (
      options: LaneOptions,
      site?: Site
    ) => Effect.Effect<PoolLane, IoError, Scope.Scope>
  }
>()("@portico/core/BlockingPool") {}

/**
 * Opens a lane, without a thread yet, until the scope ends: see `PoolLane.close`. It keeps the
 * process alive while it has a task. Fails with `InvalidArgument`, naming the option; with
 * `Unsupported` for a `heapMaxMiB` that the backend cannot hold; with `Closed` once the backend has
 * shut down.
 */
export const openLane = (
  options: LaneOptions
): Effect.Effect<PoolLane, IoError, Scope.Scope | BlockingPool> => {
  const site = new Site()
  return BlockingPool.use((pool) => pool.openLane(options, site))
}
