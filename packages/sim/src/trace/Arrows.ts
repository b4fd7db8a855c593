/**
 * Packets: an arrow from where one was sent to where it arrived; to a cross, where it was lost;
 * dashed, where it was held. A second arrival is a duplicate.
 */
import { labelOf } from "./Describe.ts"
import { shorten } from "./Escape.ts"
import type { Folded } from "./Folding.ts"
import type { Stage } from "./Stage.ts"
import { circle, cross, element, text } from "./Svg.ts"
import type { TraceEvent } from "./TraceEvent.ts"

const fates = new Set(["deliver", "drop", "hold"])
/** Between the middle of a lane and an arrow's end. */
const clearance = 5

export const drawArrows = (stage: Stage): string => {
  const sends = new Map<number, TraceEvent>()
  const met = new Map<number, ReadonlyArray<string>>()
  const markup: Array<string> = []
  for (const one of stage.drawn) {
    const { event } = one
    if (event.kind === "send") sends.set(event.index, event)
    if (!fates.has(event.kind)) continue
    const send = sends.get(event.cause)
    if (send === undefined) {
      markup.push(drawStray(stage, one))
      continue
    }
    const before = met.get(send.index) ?? []
    met.set(send.index, [...before, event.kind])
    markup.push(drawFate(stage, one, send, before))
  }
  for (const one of stage.drawn) {
    if (one.event.kind === "send") markup.push(drawSend(stage, one, met.has(one.event.index)))
    if (one.event.kind === "run") markup.push(drawWake(stage, one))
  }
  return markup.join("")
}

// From what another fiber did to the run that follows from it.
const drawWake = (stage: Stage, one: Folded): string => {
  const { cause, event } = one
  const waker = stage.event(cause)
  if (waker === undefined || waker.host === event.host || waker.host === "") return ""
  const from = { x: stage.x(waker.host), y: stage.y(cause) }
  const to = { x: stage.x(event.host), y: stage.y(event.index) }
  return stage.mark(one, connect("packet quiet wake", from, to, "quiet"))
}

const packetClass = ({ data }: TraceEvent): string => {
  const packet = String(data["packet"] ?? "")
  if (packet === "RST" || packet.startsWith("ICMP")) return "rst"
  if (packet === "UDP") return "udp"
  return packet.startsWith("DATA") ? "data" : "quiet"
}

const directionTo = (stage: Stage, send: TraceEvent): number => {
  const from = stage.x(send.host)
  const to = stage.x(String(send.data["to"] ?? send.host))
  return to < from ? -1 : 1
}

// The label stands above the beginning of the arrow, which goes down.
const drawSend = (stage: Stage, one: Folded, isMet: boolean): string => {
  const { event } = one
  const side = directionTo(stage, event)
  const x = stage.x(event.host)
  const y = stage.y(event.index)
  const style = packetClass(event)
  const label = shorten(labelOf(event), stage.labelMax)
  const anchor = side < 0 ? "end" : "start"
  // Still on its way when the trace ended.
  const stub = isMet
    ? ""
    : arrow(`packet ${style} flying`, x + side * clearance, y, x + side * 46, y + 14, undefined)
  return stage.mark(
    one,
    stub,
    circle(`dot ${style}`, x, y, 2),
    text(`label ${style}`, x + side * 9, y - 3, label, anchor)
  )
}

const drawFate = (
  stage: Stage,
  one: Folded,
  send: TraceEvent,
  before: ReadonlyArray<string>
): string => {
  const { event } = one
  const from = { x: stage.x(send.host), y: stage.y(send.index) }
  const to = { x: stage.x(String(send.data["to"] ?? event.host)), y: stage.y(event.index) }
  const style = packetClass(send)
  const isAgain = event.kind === "deliver" && before.includes("deliver")
  const wasHeld = before.includes("hold")
  const classes = `packet ${style}${isAgain ? " again" : ""}${wasHeld ? " held" : ""}`
  if (event.kind === "deliver") {
    return stage.mark(
      one,
      connect(classes, from, to, style),
      circle(`dot ${style}`, to.x, to.y, 2),
      isAgain ? text(`label ${style}`, to.x + 9, to.y + 4, "duplicate") : ""
    )
  }
  return stage.mark(one, drawUndelivered(event, classes, from, to))
}

// Its sending is not drawn: the trace is too long, or began later.
const drawStray = (stage: Stage, one: Folded): string => {
  const x = stage.x(one.event.host)
  const y = stage.y(one.event.index)
  return stage.mark(
    one,
    arrow("packet quiet flying", x - 40, y - 8, x - clearance, y, "quiet"),
    circle("dot quiet", x, y, 2)
  )
}

interface Point {
  readonly x: number
  readonly y: number
}

// Lost and held packets end before the next lane, where nothing else stands.
const drawUndelivered = (event: TraceEvent, classes: string, from: Point, to: Point): string => {
  const isHold = event.kind === "hold"
  const reach = to.x < from.x ? -58 : 58
  const end = { x: from.x + reach, y: Math.min(Math.max(to.y, from.y + 9), from.y + 30) }
  const side = end.x < from.x ? -1 : 1
  const begin = from.x + side * clearance
  const mark = isHold
    ? element("path", { class: "hold", d: `M${end.x - 2} ${end.y - 5}v10m5 -10v10` })
    : cross("drop", end.x, end.y, 4)
  const label = labelOf(event)
  return (
    arrow(`${classes} ${isHold ? "held" : "lost"}`, begin, from.y, end.x, end.y, undefined) +
    mark +
    text(
      isHold ? "label quiet" : "label rst",
      end.x + side * 9,
      end.y + 4,
      label,
      side < 0 ? "end" : "start"
    )
  )
}

const connect = (classes: string, from: Point, to: Point, head: string): string => {
  if (from.x === to.x) {
    const x = from.x + clearance
    const d = `M${x} ${from.y}C${x + 40} ${from.y} ${x + 40} ${to.y} ${x + 2} ${to.y}`
    return element("path", { class: classes, d, "marker-end": `url(#to-${head})` })
  }
  const side = to.x < from.x ? -1 : 1
  const [x1, x2] = [from.x + side * clearance, to.x - side * clearance]
  return arrow(classes, x1, from.y, x2, to.y, head)
}

const arrow = (
  classes: string,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  head: string | undefined
): string => {
  const end = head === undefined ? undefined : `url(#to-${head})`
  return element("line", { class: classes, x1, y1, x2, y2, "marker-end": end })
}
