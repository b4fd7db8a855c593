/**
 * Where events stand from top to bottom: in rows, in their order. A row has at most one event of
 * each lane, never an event together with its cause, and only what happened at about one time.
 */
import type { Folded } from "./Folding.ts"
import { laneOf } from "./LaneLayout.ts"

export interface Scale {
  /** The middle of each row, in pixels. */
  readonly y: ReadonlyArray<number>
  readonly height: number
  /** Rows before which more time passed than there is room for. */
  readonly breaks: ReadonlySet<number>
}

export interface Rows {
  /** By the index of the event. */
  readonly rowOf: ReadonlyMap<number, number>
  /** Virtual nanoseconds of the first event in each. */
  readonly times: ReadonlyArray<number>
  /** Events that were left out before a row. */
  readonly skips: ReadonlyMap<number, number>
}

const rowPixels = 20
const gapPixelsMax = 90
const marginTop = 26
const marginBottom = 34

/** `together`: a row spans so much of the median time between two events. */
export const toRows = (events: ReadonlyArray<Folded>, together: number): Rows => {
  const spanMax = together * medianOf(gapsOf(events.map(({ event }) => event.time)))
  const rowOf = new Map<number, number>()
  const times: Array<number> = []
  const skips = new Map<number, number>()
  let lanes = new Set<string>()
  for (const { cause, event, skipped } of events) {
    const lane = laneOf(event)
    const isOfAll = lane === ""
    const row = times.length - 1
    const isFull = lanes.has(lane) || lanes.has("") || (isOfAll && lanes.size > 0)
    const isLate = row >= 0 && event.time - times[row]! > spanMax
    if (row < 0 || isFull || isLate || skipped > 0 || rowOf.get(cause) === row) {
      lanes = new Set()
      times.push(event.time)
      if (skipped > 0) skips.set(times.length - 1, skipped)
    }
    lanes.add(lane)
    rowOf.set(event.index, times.length - 1)
  }
  return { rowOf, times, skips }
}

/** Every row as far from the next as any other, but where events were left out. */
export const logicalScale = ({ skips, times }: Rows): Scale =>
  toScale(
    times.map((_, row) => rowPixels + (skips.has(row) ? rowPixels : 0)),
    new Set()
  )

/**
 * By virtual time, as far as that can be read: the gap that is the median of all is a row and a
 * half, and none is less than a row or more than five.
 */
export const virtualScale = ({ skips, times }: Rows): Scale => {
  const gaps = gapsOf(times)
  const median = medianOf(gaps)
  const breaks = new Set<number>()
  const pixels = gaps.map((gap, row) => {
    const wanted = Math.round((gap / median) * rowPixels * 1.5)
    if (wanted > gapPixelsMax) breaks.add(row)
    const room = skips.has(row) ? 2 * rowPixels : rowPixels
    return Math.min(Math.max(wanted, room), gapPixelsMax)
  })
  return toScale(pixels, breaks)
}

const gapsOf = (times: ReadonlyArray<number>): ReadonlyArray<number> =>
  times.map((time, row) => (row === 0 ? 0 : time - times[row - 1]!))

const medianOf = (gaps: ReadonlyArray<number>): number => {
  const positive = gaps.filter((gap) => gap > 0).sort((a, b) => a - b)
  return positive[positive.length >> 1] ?? 1
}

const toScale = (gaps: ReadonlyArray<number>, breaks: ReadonlySet<number>): Scale => {
  let bottom = marginTop - rowPixels
  const y = gaps.map((gap) => (bottom += gap))
  return { y, height: bottom + marginBottom, breaks }
}
