/**
 * A trace for Perfetto (https://ui.perfetto.dev) and chrome://tracing, in the *Trace Event Format*:
 * hosts are processes, fibers their threads, packets flows, operations of clients slices.
 */
import { describe, labelOf } from "./Describe.ts"
import type { TraceEvent } from "./TraceEvent.ts"
import type { TraceRing } from "./TraceRing.ts"

/** One entry. `ts` and `dur` are microseconds. */
interface Entry {
  readonly ph: "X" | "M" | "s" | "f"
  readonly pid: number
  readonly tid: number
  readonly name: string
  readonly ts?: number
  readonly dur?: number
  readonly cat?: string
  readonly id?: number
  readonly bp?: "e"
  readonly args?: { readonly [name: string]: string | number | boolean }
}

/** An event is a moment; a slice of no width could not be seen, and holds no flow. */
const momentMicros = 0.1

const micros = (nanos: number): number => nanos / 1000

class Numbers {
  readonly all = new Map<string, number>()

  of(name: string): number {
    const found = this.all.get(name)
    if (found !== undefined) return found
    this.all.set(name, this.all.size + 1)
    return this.all.size
  }
}

/** JSON. Equal traces give equal text. */
export const toPerfetto = (trace: TraceRing | ReadonlyArray<TraceEvent>): string => {
  const events = "events" in trace ? trace.events : trace
  const byIndex = new Map(events.map((event) => [event.index, event]))
  const processes = new Numbers()
  const threads = new Map<string, Entry>()
  const entries: Array<Entry> = []
  for (const event of events) {
    if (event.kind === "call" || event.kind === "return") continue
    const pid = processes.of(event.host === "" ? "world" : event.host)
    const tid = event.fiber
    const name = tid === 0 ? "kernel" : `fiber ${tid}`
    threads.set(`${pid} ${tid}`, nameOf("thread_name", pid, tid, name))
    entries.push(sliceOf(event, pid, tid), ...flowOf(event, byIndex, pid, tid))
  }
  const operations = operationsOf(events, processes.of("clients"))
  const names = Array.from(processes.all, ([name, pid]) => nameOf("process_name", pid, 0, name))
  const traceEvents = [...names, ...threads.values(), ...entries, ...operations]
  return `${JSON.stringify({ displayTimeUnit: "ns", traceEvents })}\n`
}

const nameOf = (kind: string, pid: number, tid: number, name: string): Entry => ({
  ph: "M",
  pid,
  tid,
  name: kind,
  args: { name }
})

const sliceOf = (event: TraceEvent, pid: number, tid: number): Entry => ({
  ph: "X",
  pid,
  tid,
  name: event.kind === "run" && event.span !== "" ? event.span : labelOf(event) || event.kind,
  cat: event.kind,
  ts: micros(event.time),
  dur: momentMicros,
  args: { ...event.data, event: describe(event) }
})

// From where a packet left to where it arrived.
const flowOf = (
  event: TraceEvent,
  byIndex: ReadonlyMap<number, TraceEvent>,
  pid: number,
  tid: number
): ReadonlyArray<Entry> => {
  const shared = { pid, tid, name: "packet", cat: "packet", ts: micros(event.time) }
  if (event.kind === "send") return [{ ph: "s", ...shared, id: event.index }]
  const isArrival = event.kind === "deliver" && byIndex.has(event.cause)
  return isArrival ? [{ ph: "f", ...shared, id: event.cause, bp: "e" }] : []
}

// Whose outcome nobody knows lasts until the end.
const operationsOf = (events: ReadonlyArray<TraceEvent>, pid: number): ReadonlyArray<Entry> => {
  const clients = new Numbers()
  const ends = new Map<number, TraceEvent>()
  for (const event of events) if (event.kind === "return") ends.set(event.cause, event)
  const slices = events.flatMap((call): ReadonlyArray<Entry> => {
    if (call.kind !== "call") return []
    const { data, time } = ends.get(call.index) ?? { ...events.at(-1)!, data: call.data }
    const tid = clients.of(String(data["client"]))
    const dur = Math.max(micros(time - call.time), momentMicros)
    const name = String(data["text"])
    return [{ ph: "X", pid, tid, name, cat: "operation", ts: micros(call.time), dur, args: data }]
  })
  const names = Array.from(clients.all, ([name, tid]) => nameOf("thread_name", pid, tid, name))
  return [...names, ...slices]
}
