/** Where lanes stand from left to right: the hosts, then the clients of the history. */
import type { TraceEvent } from "./TraceEvent.ts"

export interface LaneLayout {
  readonly hosts: ReadonlyMap<string, number>
  readonly clients: ReadonlyMap<string, number>
  /** How much room there is to the right of a host, and of a client. */
  readonly hostPixels: number
  readonly clientPixels: number
  readonly width: number
}

// No host's name has it.
const clientPrefix = "\u0000client "
const marginLeft = 96
const marginRight = 24

const clientOf = ({ data, kind }: TraceEvent): string | undefined =>
  kind === "call" || kind === "return" ? String(data["client"] ?? "") : undefined

/** Where an event stands: a host's name, a client's, or empty for what concerns all. */
export const laneOf = (event: TraceEvent): string => {
  if (event.kind === "violation") return ""
  const client = clientOf(event)
  return client === undefined ? event.host : clientPrefix + client
}

const lanesOf = (event: TraceEvent): ReadonlyArray<string> => {
  const { data, host, kind } = event
  return kind === "send" ? [host, String(data["to"] ?? host)] : [laneOf(event)]
}

/** Those of `drawn`, in the order in which they appear in all of `events`. */
export const toLanes = (
  events: ReadonlyArray<TraceEvent>,
  drawn: ReadonlyArray<TraceEvent>
): LaneLayout => {
  const used = new Set(drawn.flatMap(lanesOf))
  const lanes = new Set(events.flatMap(lanesOf))
  const hosts = new Set<string>()
  const clients = new Set<string>()
  for (const lane of lanes) {
    if (lane === "" || !used.has(lane)) continue
    if (lane.startsWith(clientPrefix)) clients.add(lane.slice(clientPrefix.length))
    else hosts.add(lane)
  }
  const hostPixels = clamp(Math.round(760 / Math.max(1, hosts.size)), 120, 230)
  const clientPixels = clamp(Math.round(560 / Math.max(1, clients.size)), 64, 150)
  const first = marginLeft + 40
  const afterHosts = first + hosts.size * hostPixels
  return {
    hosts: new Map(Array.from(hosts, (name, at) => [name, first + at * hostPixels])),
    clients: new Map(Array.from(clients, (name, at) => [name, afterHosts + at * clientPixels])),
    hostPixels,
    clientPixels,
    width: afterHosts + clients.size * clientPixels + marginRight
  }
}

const clamp = (value: number, min: number, max: number): number =>
  Math.min(Math.max(value, min), max)
