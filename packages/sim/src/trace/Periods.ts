/** What lasts: a host's lives between its crashes, its pauses, and the network's partitions. */
import { labelOf } from "./Describe.ts"
import { shorten } from "./Escape.ts"
import type { Folded } from "./Folding.ts"
import type { Stage } from "./Stage.ts"
import { box, line, text } from "./Svg.ts"
import type { TraceEvent, TraceKind } from "./TraceEvent.ts"

interface Period {
  readonly begin: Folded
  /** Undefined when it lasts until the end of the trace. */
  readonly end: Folded | undefined
}

/** Those of one key follow each other, unless they have keys of their own. */
const periodsOf = (
  drawn: ReadonlyArray<Folded>,
  begins: TraceKind,
  ends: TraceKind,
  keyOf: (one: Folded) => string
): ReadonlyArray<Period> => {
  const open = new Map<string, Folded>()
  const periods: Array<Period> = []
  for (const one of drawn) {
    const key = keyOf(one)
    const begin = open.get(key)
    if (one.event.kind === begins && begin === undefined) open.set(key, one)
    else if (one.event.kind === ends && begin !== undefined) {
      periods.push({ begin, end: one })
      open.delete(key)
    }
  }
  return [...periods, ...Array.from(open.values(), (begin) => ({ begin, end: undefined }))]
}

const hostOf = ({ event }: Folded): string => event.host

const spanOf = (stage: Stage, { begin, end }: Period): readonly [number, number] => [
  stage.y(begin.event.index),
  Math.min(end === undefined ? stage.bottom : stage.y(end.event.index), endOf(stage, begin.event))
]

/** Of what said at its beginning how long it lasts. */
const endOf = (stage: Stage, { data, time }: TraceEvent): number => {
  const { nanos } = data
  if (typeof nanos !== "number") return stage.bottom
  const row = stage.rows.times.findIndex((other) => other >= time + nanos)
  return row < 0 ? stage.bottom : stage.scale.y[row]!
}

/** The lanes of hosts: solid while a host is up, hatched while it is paused. */
export const drawLanes = (stage: Stage): string => {
  const downs = periodsOf(stage.drawn, "crash", "restart", hostOf)
  const pauses = periodsOf(stage.drawn, "pause", "resume", hostOf)
  const lanes = Array.from(stage.lanes.hosts, ([host, x]) => {
    const own = downs.filter(({ begin }) => begin.event.host === host)
    let y = stage.top
    const parts = own.map((down) => {
      const [from, to] = spanOf(stage, down)
      const part = line("lane", x, y, x, from) + line("lane down", x, from, x, to)
      y = to
      return part
    })
    const last = own.at(-1)
    const isDown = last !== undefined && last.end === undefined
    return parts.join("") + (isDown ? "" : line("lane", x, y, x, stage.bottom))
  })
  const hatches = pauses.map((pause) => {
    const [from, to] = spanOf(stage, pause)
    return box("hatch", stage.x(pause.begin.event.host) - 8, from, 16, Math.max(to - from, 2), 3)
  })
  return lanes.join("") + hatches.join("")
}

/** Bands across all hosts. Those at the same time stand inside each other. */
export const drawPartitions = (stage: Stage): string => {
  const periods = periodsOf(stage.drawn, "partition", "heal", ({ event }) =>
    String(event.data["id"] ?? event.data["between"] ?? "")
  )
  const xs = Array.from(stage.lanes.hosts.values())
  const left = Math.min(...xs) - 30
  const width = Math.max(...xs) + Math.min(stage.lanes.hostPixels, 110) - left
  const ends: Array<number> = []
  return periods
    .toSorted((a, b) => a.begin.event.index - b.begin.event.index)
    .map((period) => {
      const [from, to] = spanOf(stage, period)
      let depth = 0
      while ((ends[depth] ?? 0) > from) depth++
      ends[depth] = to
      const words = shorten(labelOf(period.begin.event), Math.floor(width / 6.5))
      const parts = [stage.mark(period.begin, text("band", left + 8, from + 4, words))]
      if (period.end !== undefined) {
        parts.push(stage.mark(period.end, text("band", left + 8, to + 4, "heal")))
      }
      const inset = depth * 6
      const height = Math.max(to - from, 2)
      return box("band", left + inset, from - 9, width - 2 * inset, height + 18, 6) + parts.join("")
    })
    .join("")
}
