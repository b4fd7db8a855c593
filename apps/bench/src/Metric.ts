/** Every figure that a suite may give: its unit, and which way is better. */
export const metrics = {
  /** User and system time of the whole process under test. */
  cpu_per_op: { unit: "µs", better: "lower" },
  /** The same in the cheapest twentieth of slices of 20 ms: neighbours add least to it. */
  cpu_per_op_quiet: { unit: "µs", better: "lower" },
  /** CPU of an operation while the scheduler measures, to that while it only lists its fibers, */
  measuring_to_list: { unit: "1", better: "lower" },
  /** or does neither. */
  measuring_to_nothing: { unit: "1", better: "lower" },
  list_to_nothing: { unit: "1", better: "lower" },
  /** CPU of an operation to that of a rival in the turn beside it. */
  cpu_to_rival: { unit: "1", better: "lower" },
  cpu_user_per_op: { unit: "µs", better: "lower" },
  cpu_system_per_op: { unit: "µs", better: "lower" },
  /** For each second of that time. */
  ops_per_cpu_second: { unit: "1/s", better: "higher" },
  /** Calls into the kernel, counted by `strace` in a window of their own. */
  syscalls_per_op: { unit: "1", better: "lower" },
  /** Voluntary and involuntary, of all threads and processes under test. */
  context_switches_per_op: { unit: "1", better: "lower" },
  ops_per_second: { unit: "1/s", better: "higher" },
  latency_p50: { unit: "ms", better: "lower" },
  latency_p99: { unit: "ms", better: "lower" },
  /** How long after it was due a timer of the host fired. */
  timer_late_p99: { unit: "ms", better: "lower" },
  /** Ticks of a timer of the host, set to fire 200 times a second. */
  timer_ticks: { unit: "1/s", better: "higher" },
  /** Messages of the clients that take all they can get. */
  greedy_ops_per_second: { unit: "1/s", better: null },
  /** Clients that were answered while all connected at once. */
  clients_served: { unit: "1", better: null },
  /** CPU time of the process under test over the time that passed, while it had nothing to do. */
  busy_when_full: { unit: "cores", better: "lower" },
  /** From the first free descriptor to the echo of a new client. */
  time_to_resume: { unit: "ms", better: "lower" },
  /** From the start of a fixed amount of work to its end. */
  time_to_finish: { unit: "ms", better: "lower" },
  /** User and system time of the whole process under test, for a fixed amount of work. */
  cpu_time: { unit: "ms", better: "lower" },
  /** How long after it was due the latest sleep ended. */
  late_max: { unit: "ms", better: "lower" },
  bytes_per_connection: { unit: "bytes", better: "lower" },
  /** The same while each of them has a message on its way. */
  bytes_per_active_connection: { unit: "bytes", better: "lower" },
  /** Resident memory of the process under test, under load. */
  resident_bytes: { unit: "bytes", better: "lower" },
  /** The most resident memory that the process under test had since it started. */
  resident_peak_bytes: { unit: "bytes", better: "lower" },
  /** Datagrams that did not come back within half a second, for each that did. */
  lost_share: { unit: "1", better: "lower" },
  /** Of the CPU time: in functions of Portico, Effect and the program, with what they call; */
  profile_portico: { unit: "µs", better: null },
  profile_effect: { unit: "µs", better: null },
  profile_program: { unit: "µs", better: null },
  /** in those of the host's JavaScript, with what they call; in collecting garbage; */
  profile_host: { unit: "µs", better: null },
  profile_collector: { unit: "µs", better: null },
  /** what is left: native code and the kernel outside of JavaScript, and other threads. */
  profile_rest: { unit: "µs", better: null },
  /** CPU time of the load generator over the time that passed: at 1 it is the bottleneck. */
  generator_busy: { unit: "cores", better: null }
} as const

export type Metric = keyof typeof metrics

export type Unit = (typeof metrics)[Metric]["unit"]

/** Null where the figure tells about the measurement and not about the contestant. */
export type Better = (typeof metrics)[Metric]["better"]

/** What was measured; or, where a wait was given up, the least that it would have been. */
export type Figure = number | { readonly atLeast: number }

/** What one turn of one contestant gave. */
export type Measurements = { readonly [name in Metric]?: Figure } & {
  /** Why a figure is missing or only a lower bound: for the person who reads the report. */
  readonly note?: string
}
