/** Where a program stands: what it has done, when, and with how much CPU time of its process. */
export interface Mark {
  readonly ops: number
  readonly millis: number
  readonly cpuMicros: number
}

export const markNow = (ops: number): Mark => {
  const { system, user } = process.cpuUsage()
  return { ops, millis: performance.now(), cpuMicros: user + system }
}

/** CPU time in microseconds of an operation between the two. */
export const cpuPerOp = (from: Mark, to: Mark): number =>
  (to.cpuMicros - from.cpuMicros) / (to.ops - from.ops)
