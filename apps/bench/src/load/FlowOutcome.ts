/** What `flow.ts` is told, as JSON in its first argument, and what it answers. */
import type { Shape } from "./Exchange.ts"

export interface FlowOptions {
  readonly port: number
  readonly connections: number
  readonly shape: Shape
  readonly warmSeconds: number
  readonly seconds: number
}

export interface FlowOutcome {
  readonly messages: number
  /** From the first message sent to the last one back. */
  readonly elapsedMillis: number
  readonly p50Millis: number
  readonly p99Millis: number
  readonly generatorCpuMillis: number
}
