/** Decisions belong where they were made: to the host of what they follow from. */
import type { TraceEvent } from "./TraceEvent.ts"

/** Whoever tells of decisions is outside of any host. */
export const placeDecisions = (events: ReadonlyArray<TraceEvent>): ReadonlyArray<TraceEvent> => {
  if (events.every(({ kind }) => kind !== "decision")) return events
  const byIndex = new Map(events.map((event) => [event.index, event]))
  return events.map((event) => {
    const cause = event.kind === "decision" ? byIndex.get(event.cause) : undefined
    if (cause === undefined || cause.host === "") return event
    return { ...event, host: cause.host, incarnation: cause.incarnation }
  })
}
