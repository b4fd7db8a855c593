/** What a client found out about a server. */
export interface Measurement {
  readonly connections: number
  readonly messages: number
  /** Bytes sent whose echo was proven the same. */
  readonly bytesVerified: number
  readonly seconds: number
  readonly latencyMillis: { readonly p50: number; readonly p99: number }
}

/** A measurement, and what was left open when the client and the server had ended. */
export interface Outcome extends Measurement {
  readonly handlesLeft: { readonly client: number; readonly server: number }
}
