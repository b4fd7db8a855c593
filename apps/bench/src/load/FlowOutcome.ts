/**
 * What `flow.ts` and `datagrams.ts` are told, as JSON in their first argument, and what they
 * answer.
 */
import type { Shape } from "./Exchange.ts"

export interface FlowOptions {
  readonly port: number
  readonly clients: number
  readonly shape: Shape
  /** `flow.ts`: whether the connections are TLS. */
  readonly isTls?: boolean
  readonly warmSeconds: number
  readonly seconds: number
}

/** The line that sets them going; `seconds` where this window is not as long as the others. */
export const go = (seconds?: number): string => (seconds === undefined ? "go" : `go ${seconds}`)

/** What `go` was given. */
export const secondsOf = (line: string): number | undefined => {
  const [, seconds] = line.split(" ")
  return seconds === undefined ? undefined : Number(seconds)
}

export interface FlowOutcome {
  /** Those that came back. */
  readonly messages: number
  /** Datagrams that did not come back in time. */
  readonly lost?: number
  /** From the first message sent to the last one back. */
  readonly elapsedMillis: number
  readonly p50Millis: number
  readonly p99Millis: number
  readonly generatorCpuMillis: number
}

/** What `greedy.ts` is told: the options are of the polite clients. */
export interface GreedyOptions extends FlowOptions {
  readonly greedyClients: number
  readonly greedyShape: Shape
}

export interface GreedyOutcome extends FlowOutcome {
  readonly greedyMessages: number
}
