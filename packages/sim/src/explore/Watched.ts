/** A run with its trace, told in a few lines. */
import type { TraceEvent } from "../trace/TraceEvent.ts"
import { TraceRing } from "../trace/TraceRing.ts"
import { timeline } from "./Timeline.ts"
import { runTrial, type Scenario, type Trial, type TrialOptions } from "./Trial.ts"

export interface Watched {
  readonly trial: Trial
  /** At most 25. */
  readonly lines: ReadonlyArray<string>
  /** The last 4,096, for a diagram. */
  readonly events: ReadonlyArray<TraceEvent>
}

/** Of the last ones. */
const eventsMax = 4096

export const watched = (scenario: Scenario, options: TrialOptions): Watched => {
  const trace = new TraceRing(eventsMax)
  const trial = runTrial(scenario, { ...options, world: { ...options.world, trace } })
  const { events } = trace
  return { trial, lines: timeline(events), events }
}
