/**
 * Which events are drawn. What says little is folded: fibers' runs, where there is more to tell;
 * acknowledgements that just arrived; of a long trace, what is far from anything that matters.
 */
import type { TraceEvent, TraceKind } from "./TraceEvent.ts"

export interface Folded {
  readonly event: TraceEvent
  /** The nearest event that is drawn and that this one follows from; -1 for none. */
  readonly cause: number
  /** Events that were left out just before this one, because the trace is long. */
  readonly skipped: number
  /** Runs of the same lane that this one stands for, itself included. */
  readonly runs: number
}

export interface Drawing {
  readonly events: ReadonlyArray<Folded>
  /** Of the trace. */
  readonly count: number
  readonly acknowledgements: number
  /** Folded ones. */
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

export const fold = (
  events: ReadonlyArray<TraceEvent>,
  hasRuns: boolean,
  eventsMax = drawnMax
): Drawing => {
  const quiet = quietPackets(events)
  const loud = events.filter(({ index, kind }) => !quiet.has(index) && (hasRuns || kind !== "run"))
  const kept = foldRuns(loud)
  const drawnRuns = kept.filter(({ event }) => event.kind === "run").length
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
    runs: events.filter(({ kind }) => kind === "run").length - drawnRuns,
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

// A fiber that runs on after itself, with nobody else in between, says nothing new.
const foldRuns = (events: ReadonlyArray<TraceEvent>): ReadonlyArray<Kept> => {
  const kept: Array<Kept> = []
  for (const event of events) {
    const last = kept.at(-1)
    const isAgain = event.kind === "run" && last?.event.kind === "run"
    if (isAgain && last.event.host === event.host) last.runs++
    else kept.push({ event, runs: 1 })
  }
  return kept
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
