/** What happens on a host, or to all: a mark on its lane, with a few words beside it. */
import { labelOf } from "./Describe.ts"
import { shorten } from "./Escape.ts"
import type { Folded } from "./Folding.ts"
import type { Stage } from "./Stage.ts"
import { box, circle, cross, line, path, text } from "./Svg.ts"

type Draw = (x: number, y: number) => string

const marks: { readonly [kind: string]: Draw | undefined } = {
  run: (x, y) => circle("run", x, y, 4),
  write: (x, y) => line("write", x - 6, y, x + 6, y),
  fsync: (x, y) => line("fsync", x - 8, y, x + 8, y),
  lost: (x, y) => cross("drop", x, y, 4),
  crash: (x, y) => cross("crash", x, y, 7),
  restart: (x, y) => circle("restart", x, y, 5),
  pause: (x, y) => path("pause", `M${x - 3} ${y - 5}v10M${x + 3} ${y - 5}v10`),
  resume: (x, y) => path("resume", `M${x - 3} ${y - 5}L${x + 5} ${y}L${x - 3} ${y + 5}Z`),
  signal: (x, y) => path("fault", `M${x} ${y - 6}L${x + 5} ${y + 4}H${x - 5}Z`),
  fault: (x, y) => path("fault", `M${x} ${y - 6}L${x + 5} ${y + 4}H${x - 5}Z`),
  clockStep: (x, y) => circle("clock", x, y, 5) + path("hand", `M${x} ${y - 3}V${y}H${x + 3}`),
  note: (x, y) => box("note", x - 4, y - 4, 8, 8, 2)
}

/** All but packets and the operations of clients. */
export const drawMarks = (stage: Stage): string =>
  stage.drawn
    .map((one) => {
      const { kind } = one.event
      if (kind === "decision") return drawDecision(stage, one)
      if (kind === "violation") return drawViolation(stage, one)
      const draw = marks[kind]
      return draw === undefined ? "" : drawMark(stage, one, draw)
    })
    .join("")

const drawMark = (stage: Stage, one: Folded, draw: Draw): string => {
  const { event, runs } = one
  // What concerns all hosts stands beside the times.
  const x = event.host === "" ? gutter : stage.x(event.host)
  const y = stage.y(event.index)
  const label = event.kind === "run" && runs > 1 ? `×${runs}` : labelOf(event)
  const words = shorten(label, stage.labelMax)
  return stage.mark(one, draw(x, y), text(`label ${event.kind}`, x + 11, y + 4, words))
}

const gutter = 84

// The decisions that matter have numbers; others are dots, or there would be hundreds of them.
const drawDecision = (stage: Stage, one: Folded): string => {
  const { event } = one
  const { number } = event.data
  const x = event.host === "" ? gutter : stage.x(event.host) - 14
  const y = stage.y(event.index)
  if (number === undefined) return stage.mark(one, circle("decision minor", x, y, 3))
  const words = shorten(labelOf(event), stage.labelMax)
  return stage.mark(
    one,
    circle("decision", x, y, 8),
    text("number", x, y + 4, String(number), "middle"),
    text("label decision", x + 26, y + 4, words)
  )
}

const drawViolation = (stage: Stage, one: Folded): string => {
  const y = stage.y(one.event.index)
  const { hosts, width } = stage.lanes
  const words = shorten(labelOf(one.event), Math.floor(width / 7))
  const from = Math.min(...hosts.values()) - 24
  return stage.mark(
    one,
    line("violation", from, y, width - 8, y),
    box("violation", from, y - 9, words.length * 7 + 18, 18, 4),
    text("violation", from + 9, y + 4, words)
  )
}
