/** `PoolLane.hold`: a token without a thread. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { PoolError } from "../../PoolError.ts"
import { PoolReason } from "../../PoolReason.ts"
import { Hold } from "./Hold.ts"
import { badRunOptions, millisOf } from "./LaneArguments.ts"
import type { LaneHandle } from "./LaneHandle.ts"

const acquire = (lane: LaneHandle, hold: Hold): Effect.Effect<void, PoolError> =>
  Effect.callback((resume) => {
    if (lane.isClosing || lane.isDraining) return resume(lane.failing(PoolReason.Closed()))
    const { work } = lane
    for (const other of work.line.holding) {
      if (other.fiberId === hold.fiberId) return resume(lane.failing(PoolReason.Busy()))
    }
    let isEarly = true
    hold.onGranted = () => {
      if (!isEarly) resume(Effect.void)
    }
    hold.onRefused = (reason) => resume(lane.failing(reason))
    const refused = work.take(hold)
    if (refused !== undefined) return resume(lane.failing(refused))
    isEarly = false
    if (hold.place === "holding") resume(Effect.void)
  })

// Granted or not: a token may be given and not yet taken when the fiber is interrupted.
const release = (lane: LaneHandle, hold: Hold): void => {
  const { work } = lane
  if (hold.place === "waiting") work.withdraw(hold, PoolReason.Closed())
  else work.line.holding.delete(hold)
  hold.place = "ended"
  work.changed()
}

export const holdToken = <A, E, R>(
  lane: LaneHandle,
  effect: Effect.Effect<A, E, R>,
  waitMax: Duration.Input | undefined
): Effect.Effect<A, E | PoolError, R> =>
  Effect.suspend(() => {
    const bad = badRunOptions({ waitMax })
    if (bad !== undefined) return lane.failing(bad)
    const { work } = lane
    const fiberId = Fiber.getCurrent()?.id ?? 0
    const waitMaxMillis = millisOf(waitMax, work.line.bounds.waitMaxMillis)
    const hold = new Hold(fiberId, work.nowMillis(), waitMaxMillis)
    return Effect.onExit(Effect.andThen(acquire(lane, hold), effect), () =>
      Effect.sync(() => release(lane, hold))
    )
  })
