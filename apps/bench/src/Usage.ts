/** What the operating system says that a process has used so far, all its threads together. */
export interface Usage {
  readonly userMicros: number
  readonly systemMicros: number
  readonly residentBytes: number
  /** The processes, for a tracer to attach to. */
  readonly processes?: ReadonlyArray<number>
  readonly contextSwitches?: number
}
