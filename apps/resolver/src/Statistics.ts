/** What the server has done since it started: plain counts, which cost an addition each. */
import { LoopHistogram, ResponseCode } from "@portico/core"

export type Transport = "tcp" | "udp"

/** Counted response codes: 0 to 15, and BADVERS. */
const codes = ResponseCode.badVersion + 1

export class Statistics {
  readonly queries = { udp: 0, tcp: 0 }
  /** Dropped without an answer: nothing said whom to tell, or it was no query. */
  readonly dropped = { short: 0, response: 0 }
  /** Answers by response code. */
  readonly answers = new Float64Array(codes)
  truncated = 0
  cacheHits = 0
  cacheMisses = 0
  /** Of a zone of our own, not from the cache. */
  fromZones = 0
  /** Queries that joined the same question under way. */
  joined = 0
  /** Queries refused because too many were under way. */
  overloaded = 0
  /** Answers that could not be sent: the host refused them, or the client had gone. */
  unsent = 0
  /** From when a question went to the upstreams to their answer. */
  readonly latency = new LoopHistogram.LoopHistogram()
}

/**
 * As `kill -USR1` shows it: a line for each topic, `name=value` pairs in it. `queueDropped` are
 * datagrams for which the socket's receive queue had no room.
 */
export const format = (
  statistics: Statistics,
  cache: { readonly size: number; readonly bytes: number; readonly displaced: number },
  queueDropped: number,
  upstreams: ReadonlyArray<string>
): string => {
  const { answers, dropped, latency, queries } = statistics
  const histogram = latency.view()
  const millis = (part: number) => LoopHistogram.quantile(histogram, part).toFixed(2)
  const byCode = Array.from(answers).flatMap((count, code) =>
    count === 0 ? [] : [`${ResponseCode.format(code)}=${count}`]
  )
  const codesText = byCode.map((text) => `${text} `).join("")
  return [
    `queries udp=${queries.udp} tcp=${queries.tcp} zones=${statistics.fromZones}` +
      ` joined=${statistics.joined} overloaded=${statistics.overloaded}`,
    `answers ${codesText}truncated=${statistics.truncated} unsent=${statistics.unsent}`,
    `dropped short=${dropped.short} response=${dropped.response} queue=${queueDropped}`,
    `cache hits=${statistics.cacheHits} misses=${statistics.cacheMisses} entries=${cache.size}` +
      ` bytes=${cache.bytes} displaced=${cache.displaced}`,
    `forwarded count=${histogram.count} p50=${millis(0.5)} p99=${millis(0.99)}` +
      ` max=${histogram.maxMillis.toFixed(2)} ms`,
    ...upstreams
  ].join("\n")
}
