/** The names that are asked for, again and again. */
export const names: ReadonlyArray<string> = Array.from(
  { length: 100 },
  (_, index) => `host${index}.bench.example`
)

/** Queries on their way at once, all clients together, as `dnsperf` has them by default. */
export const inFlight = 100
