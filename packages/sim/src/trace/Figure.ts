/** One drawing of a trace: its lanes, what lasts, packets, clients, and marks, in that order. */
import { drawArrows } from "./Arrows.ts"
import { drawBars, type OrderView } from "./ClientBars.ts"
import { formatNanos } from "./Describe.ts"
import { shorten } from "./Escape.ts"
import { drawMarks } from "./Marks.ts"
import { drawLanes, drawPartitions } from "./Periods.ts"
import type { Stage } from "./Stage.ts"
import { element, group, line, text } from "./Svg.ts"

const heads = ["data", "quiet", "udp", "rst"]

/** Markers and patterns, once a page: every figure refers to them. */
export const definitions = (): string => {
  const markers = heads.map((name) =>
    element(
      "marker",
      {
        id: `to-${name}`,
        viewBox: "0 0 10 10",
        refX: 9,
        refY: 5,
        markerWidth: 7,
        markerHeight: 7,
        orient: "auto-start-reverse"
      },
      element("path", { class: `head ${name}`, d: "M0 1L10 5L0 9Z" })
    )
  )
  const hatch = element(
    "pattern",
    { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse" },
    element("path", { class: "hatching", d: "M-1 1l2 -2M0 6l6 -6M5 7l2 -2" })
  )
  const defs = element("defs", {}, ...markers, hatch)
  return element("svg", { width: 0, height: 0, class: "definitions" }, defs)
}

export const drawFigure = (stage: Stage, id: string, order: OrderView | undefined): string => {
  const { height } = stage.scale
  const { width } = stage.lanes
  return element(
    "svg",
    { id, class: "figure", width, height, viewBox: `0 0 ${width} ${height}` },
    drawTimes(stage),
    drawPartitions(stage),
    drawLanes(stage),
    drawArrows(stage),
    drawBars(stage, order),
    drawMarks(stage)
  )
}

/** The names above the lanes, which stay in sight. */
export const drawHeadings = (stage: Stage): string => {
  const { clientPixels, clients, hostPixels, hosts, width } = stage.lanes
  const heading = (className: string, pixels: number) => (entry: [string, number]) =>
    text(className, entry[1], 18, shorten(entry[0], Math.floor(pixels / 7.5)), "middle")
  return element(
    "svg",
    { class: "headings", width, height: 26, viewBox: `0 0 ${width} 26` },
    text("time", 70, 18, "time", "end"),
    ...Array.from(hosts, heading("host", hostPixels)),
    ...Array.from(clients, heading("client", clientPixels))
  )
}

// A row tells its time, or by how much it is later where that would read the same as above.
const drawTimes = (stage: Stage): string => {
  const { skips, times } = stage.rows
  const { breaks, y } = stage.scale
  const parts: Array<string> = []
  let before = ""
  let beforeY = -Infinity
  let beforeTime = 0
  times.forEach((time, row) => {
    const at = y[row]!
    const words = formatNanos(time)
    if ((words !== before || time > beforeTime) && at - beforeY >= 16) {
      const later = words === before ? `+${formatNanos(time - beforeTime)}` : words
      parts.push(text("time", 70, at + 4, later, "end"), line("row", 76, at, stage.lanes.width, at))
      before = words
      beforeY = at
      beforeTime = time
    }
    const skipped = skips.get(row)
    if (skipped !== undefined) {
      parts.push(
        text("skip", stage.lanes.width / 2, at - 13, `${skipped} events not drawn`, "middle")
      )
    }
    if (breaks.has(row)) parts.push(text("break", 70, at - 40, "\u22ee", "end"))
  })
  return group({ class: "times" }, ...parts)
}
