/** What the operating system says that a process has used so far, all its threads together. */
export interface Usage {
  readonly userMicros: number
  readonly systemMicros: number
  /** Whether only the sum of the two is known. */
  readonly isUndivided?: boolean
  readonly residentBytes: number
  /** The processes, for a tracer to attach to. */
  readonly processes?: ReadonlyArray<number>
  readonly contextSwitches?: number
}
