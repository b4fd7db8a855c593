/** What a loop knows of itself, as text: one fact a line. */
import type { FiberReport } from "./FiberReport.ts"
import type { Handle } from "./Handle.ts"
import { quantile } from "./LoopHistogram.ts"
import type { Histogram, LoopSnapshot } from "./LoopSnapshot.ts"
import type { PendingOperation } from "./PendingOperation.ts"

/** `12 ms`, `3.4 s`, `5 min`. */
export const formatMillis = (millis: number): string => {
  if (millis < 1000) return `${Math.round(millis)} ms`
  if (millis < 120_000) return `${(millis / 1000).toFixed(1)} s`
  return `${Math.round(millis / 60_000)} min`
}

const opened = (handle: Handle): string =>
  handle.site === undefined ? "" : `, opened at ${handle.site}`

/** `TcpStream #5 tcp://… is HalfClosedRemote, opened at file:///…/Program.ts:12:5`. */
export const formatHandle = (handle: Handle): string => {
  const { bytesQueued, bytesRead, bytesWritten, connectionsAccepted } = handle.counters
  const counts = [
    bytesRead > 0 ? `, ${bytesRead} bytes read` : "",
    bytesWritten > 0 ? `, ${bytesWritten} written` : "",
    bytesQueued > 0 ? `, ${bytesQueued} queued` : "",
    connectionsAccepted > 0 ? `, ${connectionsAccepted} accepted` : ""
  ].join("")
  const ref = handle.isRef ? "" : ", unref'd"
  return `${handle.label} is ${handle.state._tag}${ref}${counts}${opened(handle)}`
}

/** `TcpStream.read on TcpStream #5 …`, `Effect.sleep, 980 ms left`. */
export const formatOperation = (pending: PendingOperation): string => {
  const { address, handle, operation, remainingMillis } = pending
  const on = handle === undefined ? "" : ` on ${handle.label}`
  const to = address === undefined ? "" : ` ${address}`
  const left = remainingMillis === undefined ? "" : `, ${formatMillis(remainingMillis)} left`
  return `${operation}${on}${to}${left}`
}

const formatState = ({ sinceMillis, state }: FiberReport): string => {
  const since = formatMillis(sinceMillis)
  switch (state._tag) {
    case "Running":
      return "is running"
    case "Queued":
      return `has been in the run queue for ${since}`
    case "Waiting":
      return `has waited ${since} for ${formatOperation(state.operation)}`
    case "Suspended":
      return `has waited ${since} inside Effect`
  }
}

/** One line for the fiber, and one for each of its frames. */
export const formatFiber = (report: FiberReport): ReadonlyArray<string> => {
  const name = report.span === undefined ? "" : ` "${report.span}"`
  return [
    `fiber #${report.id}${name} ${formatState(report)}`,
    ...report.frames.map((frame) => `  ${frame}`)
  ]
}

const formatHistogram = (name: string, histogram: Histogram): string => {
  const [p50, p99] = [quantile(histogram, 0.5), quantile(histogram, 0.99)]
  const millis = (value: number): string => `${Number(value.toPrecision(2))} ms`
  return `${name}: p50 <= ${millis(p50)}, p99 <= ${millis(p99)}, max ${millis(histogram.maxMillis)}`
}

export const formatSnapshot = (snapshot: LoopSnapshot): ReadonlyArray<string> => [
  `${snapshot.turns} turns, ${snapshot.tasks} tasks, ${snapshot.callbacks} callbacks, ` +
    `${snapshot.slices} slices, ${snapshot.putOff} put off, ${snapshot.queueLength} queued`,
  formatHistogram("turn time", snapshot.turnTime),
  formatHistogram("lag", snapshot.lag),
  `busy ${(snapshot.utilization * 100).toFixed(1)} % of the time`,
  ...snapshot.longestSteps.map(({ millis, site }) => `${formatMillis(millis)} held by ${site}`)
]

export interface DumpParts {
  readonly keptAliveBy: ReadonlyArray<string>
  readonly handles: ReadonlyArray<Handle>
  readonly fibers: ReadonlyArray<FiberReport>
  readonly snapshot: LoopSnapshot
}

const section = (title: string, lines: ReadonlyArray<string>): ReadonlyArray<string> => [
  title,
  ...(lines.length === 0 ? ["  nothing"] : lines.map((line) => `  ${line}`))
]

export const format = ({ fibers, handles, keptAliveBy, snapshot }: DumpParts): string =>
  [
    ...section("kept alive by", keptAliveBy),
    ...section(`handles (${handles.length})`, handles.map(formatHandle)),
    ...section(`fibers (${fibers.length})`, fibers.flatMap(formatFiber)),
    ...section("loop", formatSnapshot(snapshot))
  ].join("\n")
