/** A run in a few lines: its end, and what was decided by chance on the way. */
import type { TraceEvent, TraceKind } from "../trace/TraceEvent.ts"

export const linesMax = 25

/** At most `linesMax` lines: of long runs the decisions that were not mild, and the last events. */
export const timeline = (events: ReadonlyArray<TraceEvent>): ReadonlyArray<string> => {
  const loud = events.filter((event, index) => isLoud(event, events[index - 1]))
  const left = linesMax - 1
  if (loud.length <= linesMax) return loud.map(format)
  const decisions = loud.filter(({ kind }) => kind === "decision").slice(0, Math.floor(left / 2))
  const kept = new Set<TraceEvent>([...decisions, ...loud.slice(decisions.length - left)])
  const lines = loud.filter((event) => kept.has(event)).map(format)
  return [`(${loud.length - lines.length} of ${loud.length} events are left out)`, ...lines]
}

// A fiber that runs on after itself says nothing new.
const isLoud = (event: TraceEvent, before: TraceEvent | undefined): boolean =>
  event.kind !== "run" || before?.kind !== "run" || before.fiber !== event.fiber

const format = ({ data, fiber, host, kind, span, time }: TraceEvent): string => {
  const who = fiber === 0 ? "" : ` #${fiber}${span === "" ? "" : ` ${span}`}`
  return `${(time / 1e6).toFixed(4).padStart(11)} ms  ${host}${who}  ${sentence(kind, data)}`
}

const sentence = (kind: TraceKind, data: TraceEvent["data"]): string => {
  if (kind === "run") return "runs"
  if (kind === "decision") {
    const { choice, count, number, stream } = data
    return `← decision ${number}: ${stream} ${choice} of 0–${Number(count) - 1}`
  }
  if (kind === "violation") return String(data["text"])
  if (kind === "note") return `note: ${data["text"]}`
  const details = Object.entries(data).map(([name, value]) => `${name} ${value}`)
  return [kind, ...details].join(", ")
}
