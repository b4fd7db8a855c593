/**
 * Which events are drawn. What says little is folded: fibers' runs that led to something drawn,
 * acknowledgements that just arrived, and, of a long trace, what is far from anything that matters.
 */
import type { TraceEvent, TraceKind } from "./TraceEvent.ts"

export interface Folded {
  readonly event: TraceEvent
  /** The nearest event that is drawn and that this one follows from; -1 for none. */
  readonly cause: number
  /** Events that were left out just before this one, because the trace is long. */
  readonly skipped: number
  /** Runs of the same host that this one stands for, itself included. */
  readonly runs: number
}

export interface Drawing {
  readonly events: ReadonlyArray<Folded>
  /** Of the trace. */
  readonly count: number
  readonly acknowledgements: number
  readonly runs: number
  /** Left out because there were too many. */
  readonly skipped: number
}

/** Events that are drawn, at most. */
export const drawnMax = 5000

const unimportant: ReadonlySet<TraceKind> = new Set([
  "run",
  "send",
  "deliver",
  "write",
  "fsync",
  "call",
  "return",
  "note"
])

const isAcknowledgement = ({ data }: TraceEvent): boolean => data["packet"] === "ACK"

export const fold = (events: ReadonlyArray<TraceEvent>, eventsMax = drawnMax): Drawing => {
  const quiet = quietPackets(events)
  const loud = events.filter(({ index }) => !quiet.has(index))
  const { kept, runs } = foldRuns(loud)
  const shown = keepNearest(
    kept.map(({ event }) => event),
    eventsMax
  )
  const drawn = new Set(shown.map(({ index }) => index))
  const byIndex = new Map(events.map((event) => [event.index, event]))
  const counts = new Map(kept.map(({ event, runs: count }) => [event.index, count]))
  const skippedBefore = countSkipped(
    kept.map(({ event }) => event.index),
    drawn
  )
  return {
    events: shown.map((event) => ({
      event,
      cause: nearestDrawn(event, byIndex, drawn),
      skipped: skippedBefore.get(event.index) ?? 0,
      runs: counts.get(event.index) ?? 1
    })),
    count: events.length,
    acknowledgements: Math.ceil(quiet.size / 2),
    runs,
    skipped: kept.length - shown.length
  }
}

/** Sends of acknowledgements to which nothing happened but one delivery, and those deliveries. */
const quietPackets = (events: ReadonlyArray<TraceEvent>): ReadonlySet<number> => {
  const fates = new Map<number, Array<TraceEvent>>()
  for (const event of events) {
    if (event.kind === "send" && isAcknowledgement(event)) fates.set(event.index, [])
    else if (event.kind !== "run") fates.get(event.cause)?.push(event)
  }
  const quiet = new Set<number>()
  for (const [send, fate] of fates) {
    if (fate.length !== 1 || fate[0]!.kind !== "deliver") continue
    quiet.add(send)
    quiet.add(fate[0]!.index)
  }
  return quiet
}

interface Kept {
  readonly event: TraceEvent
  runs: number
}

// A run from which something drawn follows is told by that. Others become one dot, as long as
// nothing else happens on their host.
const foldRuns = (
  events: ReadonlyArray<TraceEvent>
): { readonly kept: ReadonlyArray<Kept>; readonly runs: number } => {
  const causes = new Set(events.map(({ cause }) => cause))
  const lastOf = new Map<string, Kept>()
  const kept: Array<Kept> = []
  let runs = 0
  for (const event of events) {
    const last = lastOf.get(event.host)
    if (event.kind === "run") {
      runs++
      if (causes.has(event.index)) continue
      if (last?.event.kind === "run") {
        last.runs++
        continue
      }
    }
    const one = { event, runs: 1 }
    kept.push(one)
    lastOf.set(event.host, one)
  }
  return { kept, runs }
}

// The end of a trace is where it matters: that is where something was found.
const keepNearest = (
  events: ReadonlyArray<TraceEvent>,
  eventsMax: number
): ReadonlyArray<TraceEvent> => {
  if (events.length <= eventsMax) return events
  const distances = distancesToImportant(events)
  const order = distances.map((_, at) => at)
  order.sort((a, b) => distances[a]! - distances[b]! || b - a)
  const chosen = new Set(order.slice(0, eventsMax))
  return events.filter((_, at) => chosen.has(at))
}

const distancesToImportant = (events: ReadonlyArray<TraceEvent>): Array<number> => {
  const distances = events.map(() => Infinity)
  const sweep = (at: number, before: number) => {
    const isImportant = at === events.length - 1 || !unimportant.has(events[at]!.kind)
    distances[at] = isImportant ? 0 : Math.min(distances[at]!, before + 1)
    return distances[at]
  }
  let before = Infinity
  for (let at = 0; at < events.length; at++) before = sweep(at, before)
  before = Infinity
  for (let at = events.length - 1; at >= 0; at--) before = sweep(at, before)
  return distances
}

const countSkipped = (
  kept: ReadonlyArray<number>,
  drawn: ReadonlySet<number>
): ReadonlyMap<number, number> => {
  const counts = new Map<number, number>()
  let skipped = 0
  for (const index of kept) {
    if (!drawn.has(index)) skipped++
    else {
      if (skipped > 0) counts.set(index, skipped)
      skipped = 0
    }
  }
  return counts
}

const nearestDrawn = (
  { cause }: TraceEvent,
  byIndex: ReadonlyMap<number, TraceEvent>,
  drawn: ReadonlySet<number>
): number => {
  let at = cause
  while (at >= 0 && !drawn.has(at)) at = byIndex.get(at)?.cause ?? -1
  return at
}
