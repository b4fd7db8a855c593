/** What `patient.ts` is told, as JSON in its first argument, and what it answers. */
import type { Figure } from "../Metric.ts"

export interface PatientOptions {
  readonly port: number
  readonly messageBytes: number
  readonly warmSeconds: number
  readonly seconds: number
  /** How long it waits for one message before it gives up, at most 4. */
  readonly patienceSeconds: number
}

export interface PatientOutcome {
  /** Of all messages sent; one that was given up counts with the time it was waited for. */
  readonly p50Millis: Figure
  readonly p99Millis: Figure
  readonly isUnanswered: boolean
  readonly generatorBusy: number
}
