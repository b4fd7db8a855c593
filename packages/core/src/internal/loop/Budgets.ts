/** What a scheduler may spend, in milliseconds, checked once. */

/** One out of its bound throws a `RangeError` that names it. */
export interface HostSchedulerOptions {
  /** Milliseconds of fibers before the host may poll again, 0.01 to 1000. Default 1. */
  readonly turnMillisMax?: number | undefined
  /** Milliseconds a fiber may run on while others wait, 0.01 to 1000. Default 0.2. */
  readonly sliceMillisMax?: number | undefined
  /** Steps that hold the thread for longer are reported as `Blame`, 1 to 60,000. Default 50. */
  readonly blameMillisMin?: number | undefined
}

// The options are the program's own text, so a wrong one is a bug there: thrown, hence a defect.
const bounded = (name: string, millis: number, min: number, max: number): number => {
  if (millis >= min && millis <= max) return millis
  const bound = `from ${min} to ${max} milliseconds`
  throw new RangeError(`A scheduler's ${name} must be ${bound}: ${millis}`)
}

export class Budgets {
  readonly turnMillisMax: number
  readonly sliceMillisMax: number
  readonly blameMillisMin: number

  constructor(options: HostSchedulerOptions) {
    this.turnMillisMax = bounded("turnMillisMax", options.turnMillisMax ?? 1, 0.01, 1000)
    this.sliceMillisMax = bounded("sliceMillisMax", options.sliceMillisMax ?? 0.2, 0.01, 1000)
    this.blameMillisMin = bounded("blameMillisMin", options.blameMillisMin ?? 50, 1, 60_000)
  }
}
