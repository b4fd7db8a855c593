/** Ending a lane: no more tasks, a deadline, then its close, and a report. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { LaneReport } from "../../LaneReport.ts"
import { PoolReason } from "../../PoolReason.ts"
import type { Job } from "./Job.ts"
import type { LaneHandle } from "./LaneHandle.ts"

/** Waits until nobody has a token or wants one. */
const awaitIdle = ({ work }: LaneHandle): Effect.Effect<void> =>
  Effect.callback((resume) => {
    if (work.line.outstanding === 0) return resume(Effect.void)
    const look = () => {
      if (work.line.outstanding > 0) return
      work.watchers.delete(look)
      resume(Effect.void)
    }
    work.watchers.add(look)
    return Effect.sync(() => void work.watchers.delete(look))
  })

export const shutDownLane = (
  lane: LaneHandle,
  deadline: Duration.Input
): Effect.Effect<LaneReport> =>
  Effect.gen(function* () {
    const { work } = lane
    const before = work.line.outstanding
    lane.isDraining = true
    yield* Effect.timeoutOption(awaitIdle(lane), deadline)
    const left = work.line.outstanding
    const neverStarted = work.clearLine(PoolReason.Closed())
    const running = new Set<Job>(work.line.handed)
    const { terminated } = work.figures.tasks
    yield* lane.close
    const ended = work.figures.tasks.terminated - terminated
    return {
      finished: before - left,
      neverStarted,
      stopped: running.size - ended,
      terminated: ended
    }
  }).pipe(Effect.onInterrupt(() => lane.close))
