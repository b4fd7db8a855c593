/** What a generator of requests is told, as JSON in its first argument. */
export type Operation = "get" | "set"

export interface KvOptions {
  readonly port: number
  readonly operation: Operation
  /** Warming up: so long, up to ten times. */
  readonly warmSeconds: number
  readonly seconds: number
}

/** The load, the same for both generators. */
export const clients = 50
export const inFlight = 16
export const keys = 10_000
export const valueBytes = 64
