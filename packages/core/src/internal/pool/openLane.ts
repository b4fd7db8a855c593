/** `BlockingPool.openLane`. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { IoError } from "../../IoError.ts"
import type { PoolLane } from "../../PoolLane.ts"
import type { LaneOptions } from "../../PoolOptions.ts"
import { Reason } from "../../Reason.ts"
import { Site } from "../../Site.ts"
import type { HandleTable } from "../HandleTable.ts"
import { scoped } from "../scoped.ts"
import { checkLane } from "./LaneArguments.ts"
import { keepLaneMetrics } from "./laneMetrics.ts"
import { LaneHandle } from "./LaneHandle.ts"

export const openLane = (
  table: HandleTable,
  options: LaneOptions,
  site: Site = new Site()
): Effect.Effect<PoolLane, IoError, Scope.Scope> =>
  scoped(
    () =>
      Effect.suspend((): Effect.Effect<LaneHandle, IoError> => {
        const { capabilities, name } = table.ports
        const bad = checkLane(options, capabilities.workerHeapLimit, name)
        if (bad !== undefined) return bad
        if (table.isShutDown) {
          const operation = "BlockingPool.openLane"
          return Effect.fail(new IoError({ operation, reason: Reason.Closed() }))
        }
        return Effect.withFiber(({ context }) => {
          const lane = new LaneHandle(table, options, site)
          lane.forgetMetrics = keepLaneMetrics(lane, context)
          return Effect.succeed(lane)
        })
      }),
    (lane) =>
      Effect.ensuring(
        lane.close,
        Effect.sync(() => lane.forgetMetrics())
      )
  )
