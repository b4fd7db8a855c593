/**
 * A trace as one page: a space-time diagram (Lamport, *Time, clocks, and the ordering of events in
 * a distributed system*, 1978), hosts from left to right, time downward.
 *
 * The page needs nothing but itself, and is a function of the trace alone: equal traces give equal
 * bytes on every engine.
 */
import type { OrderView } from "./ClientBars.ts"
import { describe, formatNanos } from "./Describe.ts"
import { diagramScript } from "./DiagramScript.ts"
import { diagramStyle } from "./DiagramStyle.ts"
import { escapeJson, escapeText } from "./Escape.ts"
import { isAboutFibers, toFiberLanes } from "./FiberLanes.ts"
import { definitions, drawFigure, drawHeadings } from "./Figure.ts"
import { type Drawing, fold } from "./Folding.ts"
import { legend } from "./Legend.ts"
import { laneOf, toLanes } from "./LaneLayout.ts"
import { placeDecisions } from "./placeDecisions.ts"
import { logicalScale, toRows, virtualScale } from "./Rows.ts"
import { Stage } from "./Stage.ts"
import type { TraceEvent, TraceKind } from "./TraceEvent.ts"
import type { TraceRing } from "./TraceRing.ts"

export type { OrderView } from "./ClientBars.ts"

export interface DiagramOptions {
  /** What was run. */
  readonly title: string
  /** In words, shown above the figure: a failure's message. */
  readonly story?: string | undefined
  /** Where a history's operations took effect. */
  readonly order?: OrderView | undefined
  /** How many events are drawn, at most. Default 5,000. */
  readonly drawnMax?: number | undefined
}

/**
 * Of more events than `drawnMax` those are drawn that are nearest to what matters, such as drops,
 * crashes and the end; of the others it is told how many there are.
 */
export const toHtml = (
  trace: TraceRing | ReadonlyArray<TraceEvent>,
  { drawnMax, order: found, story, title }: DiagramOptions
): string => {
  const told = placeDecisions("events" in trace ? trace.events : trace)
  const isFibers = isAboutFibers(told)
  const events = isFibers ? toFiberLanes(told) : told
  const drawing = fold(events, isFibers, drawnMax)
  const lanes = toLanes(
    events,
    drawing.events.map(({ event }) => event)
  )
  const order = toRows(drawing.events, 1)
  const times = toRows(drawing.events, 0.25)
  const logical = new Stage(drawing.events, lanes, order, logicalScale(order))
  const virtual = new Stage(drawing.events, lanes, times, virtualScale(times))
  const figure = drawFigure(logical, "logical", found)
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    `<title>${escapeText(title)}</title>`,
    `<style>${diagramStyle}</style></head><body>`,
    definitions(),
    `<header><div class="bar"><h1>${escapeText(title)}</h1>`,
    `<span class="facts">${facts(events, drawing)}</span>${tools}</div>`,
    `<div class="legend">${legend(figure)}</div>${drawHeadings(logical)}</header>`,
    story === undefined ? "" : `<pre class="story">${escapeText(story)}</pre>`,
    `<main>${figure}${drawFigure(virtual, "virtual", found)}</main>`,
    '<div id="detail"></div>',
    `<script type="application/json" id="data">${escapeJson(dataOf(drawing))}</script>`,
    `<script>${diagramScript}</script></body></html>`,
    ""
  ].join("\n")
}

const tools = `<span class="tools">
<button data-figure="logical" aria-pressed="true" title="All rows equally far">order</button>
<button data-figure="virtual" aria-pressed="false" title="By virtual time">time</button>
<input type="search" placeholder="Find ( / )" aria-label="Find"><span class="found"></span></span>`

// `i` its index, `c` what it follows from, `l` its lane, `d` it in words.
const dataOf = ({ events }: Drawing) => ({
  events: events.map(({ cause, event }) => ({
    i: event.index,
    c: cause,
    l: laneOf(event),
    d: describe(event)
  }))
})

const counted: ReadonlyArray<readonly [TraceKind, string, string]> = [
  ["violation", "violation", "violations"],
  ["crash", "crash", "crashes"],
  ["partition", "partition", "partitions"],
  ["drop", "packet dropped", "packets dropped"],
  ["lost", "write lost", "writes lost"]
]

const facts = (events: ReadonlyArray<TraceEvent>, drawing: Drawing): string => {
  const fact = (count: number, name: string, className = "") =>
    `<span class="${className}"><b>${count}</b> ${name}</span>`
  const known = counted.flatMap(([kind, one, many]) => {
    const count = events.filter((event) => event.kind === kind).length
    return count === 0 ? [] : [fact(count, count === 1 ? one : many, "bad")]
  })
  const folded = [
    ...(drawing.acknowledgements > 0 ? [fact(drawing.acknowledgements, "ACKs folded")] : []),
    ...(drawing.runs > 0 ? [fact(drawing.runs, "runs of fibers folded")] : []),
    ...(drawing.skipped > 0 ? [fact(drawing.skipped, "not drawn")] : [])
  ]
  const first = events[0]
  const last = events.at(-1)
  const span = first === undefined || last === undefined ? 0 : last.time - first.time
  const forgotten = first === undefined || first.index === 0 ? [] : [fact(first.index, "forgotten")]
  const time = `<b>${escapeText(formatNanos(span))}</b> of virtual time`
  return [fact(events.length, "events"), ...forgotten, time, ...known, ...folded].join(" · ")
}
