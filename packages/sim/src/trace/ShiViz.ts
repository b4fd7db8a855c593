/**
 * A trace for ShiViz (https://bestchai.bitbucket.io/shiviz): two lines an event, the host with its
 * vector clock, then what happened. Its default expression reads them:
 * `(?<host>\S*) (?<clock>{.*})\n(?<event>.*)`.
 */
import { describe } from "./Describe.ts"
import type { TraceEvent } from "./TraceEvent.ts"
import type { TraceRing } from "./TraceRing.ts"

type VectorClock = Map<string, number>

/** Fibers' runs are left out: there they would hide everything else. */
export const toShiViz = (trace: TraceRing | ReadonlyArray<TraceEvent>): string => {
  const events = "events" in trace ? trace.events : trace
  const names = namesOf(events)
  const byIndex = new Map(events.map((event) => [event.index, event]))
  const clocks = new Map<number, VectorClock>()
  const latest = new Map<string, VectorClock>()
  const lines: Array<string> = []
  for (const event of events) {
    if (event.kind === "run") continue
    const host = names.get(event.host)!
    const clock: VectorClock = new Map(latest.get(host))
    const cause = clocks.get(loudCause(event, byIndex))
    for (const [name, count] of cause ?? []) clock.set(name, Math.max(clock.get(name) ?? 0, count))
    clock.set(host, (clock.get(host) ?? 0) + 1)
    clocks.set(event.index, clock)
    latest.set(host, clock)
    // One line, whatever a program put into a text.
    const text = describe(event).replace(/[\r\n\u2028\u2029]+/g, " ")
    lines.push(`${host} ${JSON.stringify(Object.fromEntries(clock))}`, text)
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`
}

const loudCause = ({ cause }: TraceEvent, byIndex: ReadonlyMap<number, TraceEvent>): number => {
  let at = cause
  while (byIndex.get(at)?.kind === "run") at = byIndex.get(at)!.cause
  return at
}

/** Without spaces, and different for different hosts. */
const namesOf = (events: ReadonlyArray<TraceEvent>): ReadonlyMap<string, string> => {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  for (const { host } of events) {
    if (names.has(host)) continue
    const plain = host === "" ? "world" : host.replace(/[\s{}]+/g, "_")
    let name = plain
    for (let number = 2; taken.has(name); number++) name = `${plain}_${number}`
    taken.add(name)
    names.set(host, name)
  }
  return names
}
