/**
 * Where no packet was sent between hosts, the story is that of fibers: each gets a lane, as if it
 * were a host of its own, and arrows tell who woke whom. Packets of the only host go through a lane
 * of its own: from who sends them, and to whom they wake.
 */
import type { TraceEvent } from "./TraceEvent.ts"

/** Fibers beyond share the lane of their host. */
const fibersMax = 16

export const isAboutFibers = (events: ReadonlyArray<TraceEvent>): boolean =>
  events.every(({ data, host, kind }) => kind !== "send" || (host === only && data["to"] === only))

/** What the only host of a world is called. */
const only = "host"

/** The events, with fibers for hosts. The busiest get lanes; of equally busy ones, the first. */
export const toFiberLanes = (events: ReadonlyArray<TraceEvent>): ReadonlyArray<TraceEvent> => {
  const counts = new Map<string, number>()
  const spans = new Map<string, string>()
  for (const event of events) {
    if (event.fiber === 0) continue
    const key = keyOf(event)
    counts.set(key, (counts.get(key) ?? 0) + 1)
    if (event.span !== "") spans.set(key, event.span)
  }
  const busiest = Array.from(counts).sort(([, left], [, right]) => right - left)
  const chosen = new Set(busiest.slice(0, fibersMax).map(([key]) => key))
  return events.map((event) => {
    const key = keyOf(event)
    if (event.fiber === 0 || !chosen.has(key)) return event
    const span = spans.get(key)
    return { ...event, host: span === undefined ? key : `${key} ${span}` }
  })
}

const keyOf = ({ fiber, host }: TraceEvent): string =>
  host === only ? `#${fiber}` : `${host}#${fiber}`
