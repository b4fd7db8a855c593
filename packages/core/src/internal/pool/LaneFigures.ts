/** What a lane counts. */
import type { LaneCounters, ThreadCounters } from "../../LaneSnapshot.ts"
import { LoopHistogram } from "../../LoopHistogram.ts"

type Counts<A> = { -readonly [Name in keyof A]: A[Name] }

export class LaneFigures {
  readonly tasks: Counts<LaneCounters> = {
    submitted: 0,
    refused: 0,
    succeeded: 0,
    failed: 0,
    timedOut: 0,
    neverStarted: 0,
    terminated: 0,
    crashed: 0
  }
  readonly threads: Counts<ThreadCounters> = { started: 0, retired: 0, lost: 0 }
  readonly waitTime = new LoopHistogram()
  readonly runTime = new LoopHistogram()
}
