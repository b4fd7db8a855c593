/** Every figure that a suite may give, and its unit. */
export const units = {
  /** User and system time of the whole process under test. */
  cpu_per_op: "µs",
  cpu_user_per_op: "µs",
  cpu_system_per_op: "µs",
  ops_per_second: "1/s",
  latency_p50: "ms",
  latency_p99: "ms",
  bytes_per_connection: "bytes",
  /** Resident memory of the process under test, under load. */
  resident_bytes: "bytes",
  /** CPU time of the load generator over the time that passed: at 1 it is the bottleneck. */
  generator_busy: "cores"
} as const

export type Metric = keyof typeof units

export type Unit = (typeof units)[Metric]

/** What one turn of one contestant gave. */
export type Measurements = { readonly [name in Metric]?: number }
