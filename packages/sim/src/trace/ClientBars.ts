/**
 * The operations of clients: bars from call to return, open below when nobody knows the outcome,
 * with a point where each took effect, as far as an order of them is known.
 */
import { labelOf } from "./Describe.ts"
import { shorten } from "./Escape.ts"
import type { Folded } from "./Folding.ts"
import type { Stage } from "./Stage.ts"
import { box, circle, group, line, text } from "./Svg.ts"

/** What a check has found out about the operations of a history. */
export interface OrderView {
  /** Of each operation that is in the order, by its id: the index of the history where it is. */
  readonly points: ReadonlyMap<number, number>
  /** Those of which one had to come next. */
  readonly stuck: ReadonlySet<number>
}

interface Bar {
  readonly call: Folded
  readonly end: Folded | undefined
}

const barsOf = (drawn: ReadonlyArray<Folded>): ReadonlyMap<number, Bar> => {
  const bars = new Map<number, Bar>()
  for (const one of drawn) {
    const id = Number(one.event.data["operation"])
    if (one.event.kind === "call") bars.set(id, { call: one, end: undefined })
    const bar = bars.get(id)
    if (one.event.kind === "return" && bar !== undefined) bars.set(id, { ...bar, end: one })
  }
  return bars
}

export const drawBars = (stage: Stage, order: OrderView | undefined): string => {
  const bars = barsOf(stage.drawn)
  const rows = new Map<number, number>()
  for (const { event } of stage.drawn) {
    const { at } = event.data
    if (typeof at === "number") rows.set(at, stage.y(event.index))
  }
  // Several may take effect at one moment: one after the other.
  const taken = new Map<number, number>()
  const points = Array.from(order?.points ?? [], ([id, at]) => {
    const bar = bars.get(id)
    const y = rows.get(at)
    if (bar === undefined || y === undefined) return ""
    const before = taken.get(at) ?? 0
    taken.set(at, before + 1)
    const x = stage.clientX(String(bar.call.event.data["client"]))
    return circle("point", x, y + 2 + before * 5, 4)
  })
  const lanes = Array.from(stage.lanes.clients.values(), (x) =>
    line("lane client", x, stage.top, x, stage.bottom)
  )
  const drawn = Array.from(bars, ([id, bar]) => drawBar(stage, bar, order?.stuck.has(id) === true))
  return lanes.join("") + drawn.join("") + group({ class: "points" }, ...points)
}

const drawBar = (stage: Stage, { call, end }: Bar, isStuck: boolean): string => {
  const x = stage.clientX(String(call.event.data["client"]))
  const from = stage.y(call.event.index)
  const how = String(end?.event.data["how"] ?? "unknown")
  const to = end === undefined || how === "unknown" ? stage.bottom : stage.y(end.event.index)
  const style = `operation ${isStuck ? "stuck" : how}`
  const max = Math.floor((stage.lanes.clientPixels - 14) / 6.1)
  const words = shorten(labelOf(end?.event ?? call.event), Math.max(max, 4))
  const bar = box(style, x - 5, from - 5, 10, Math.max(to - from, 0) + 10, 5)
  const label = text(`label ${isStuck ? "stuck" : how}`, x + 9, from + 4, words)
  const ended = end === undefined ? "" : stage.mark(end, circle("end", x, to, 2))
  return stage.mark(call, bar, label) + ended
}
