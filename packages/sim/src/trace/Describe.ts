/** An event in words: the few beside its mark, and the line that a search looks at. */
import { shorten } from "./Escape.ts"
import type { TraceEvent } from "./TraceEvent.ts"

const valueOf = ({ data }: TraceEvent, name: string): string => String(data[name] ?? "")

const bytesOf = (event: TraceEvent): string => {
  const bytes = event.data["bytes"]
  return typeof bytes === "number" && bytes > 0 ? ` ${formatBytes(bytes)}` : ""
}

const formatBytes = (bytes: number): string =>
  bytes < 10_240 ? String(bytes) : `${Math.round(bytes / 1024)} KiB`

/** The words beside its mark. Empty for what its mark tells by itself. */
export const labelOf = (event: TraceEvent): string => {
  const { kind } = event
  if (kind === "send") return `${valueOf(event, "packet")}${bytesOf(event)}`
  if (kind === "write" || kind === "fsync" || kind === "lost") {
    const name = valueOf(event, "what") || (kind === "lost" ? "write" : kind)
    return `${name} ${lastName(valueOf(event, "path"))}${bytesOf(event)}`
  }
  if (kind === "restart") return `restart ${event.incarnation + 1}`
  if (kind === "signal") return valueOf(event, "signal")
  if (kind === "clockStep") return `clock ${formatStep(Number(event.data["nanos"]))}`
  if (kind === "fault") return valueOf(event, "what")
  if (kind === "decision") {
    return `${valueOf(event, "stream")} ${valueOf(event, "choice")} of ${valueOf(event, "count")}`
  }
  if (kind === "drop") return valueOf(event, "reason")
  if (kind === "note" || kind === "violation" || kind === "call" || kind === "return") {
    return valueOf(event, "text")
  }
  if (kind === "partition") return `partition ${valueOf(event, "between")}`
  return kind === "run" || kind === "deliver" ? "" : kind
}

const lastName = (path: string): string => path.slice(path.lastIndexOf("/") + 1)

const formatStep = (nanos: number): string =>
  `${nanos < 0 ? "\u2212" : "+"}${formatNanos(Math.abs(nanos))}`

/** In the unit that fits, with three figures. */
export const formatNanos = (nanos: number): string => {
  if (nanos < 1000) return `${nanos} ns`
  if (nanos < 1e6) return `${round(nanos / 1000)} µs`
  if (nanos < 1e9) return `${round(nanos / 1e6)} ms`
  return `${round(nanos / 1e9)} s`
}

const round = (value: number): string =>
  String(value < 10 ? Math.round(value * 100) / 100 : Math.round(value * 10) / 10)

/** Everything that is known of it, on one line. */
export const describe = (event: TraceEvent): string => {
  const { data, fiber, host, incarnation, index, kind, span, time } = event
  const where = host === "" ? "" : ` ${host}${incarnation > 0 ? `#${incarnation + 1}` : ""}`
  const who = fiber === 0 ? "" : ` fiber ${fiber}${span === "" ? "" : ` ${span}`}`
  const rest = Object.entries(data).map(([name, value]) => ` ${name}=${shorten(String(value), 80)}`)
  return `#${index} ${formatNanos(time)}${where} ${kind}${who}${rest.join("")}`
}
