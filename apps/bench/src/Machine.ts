/** Where the figures were taken: they mean little beside those of another machine. */
import * as Os from "node:os"
import type { Pinning } from "./Pinning.ts"

export interface Machine {
  readonly platform: string
  readonly kernel: string
  readonly architecture: string
  readonly processor: string
  readonly cores: number
  readonly memoryBytes: number
  /** Whether the program under test and the load had a core each. */
  readonly pinned: boolean
  /** Runnable processes in the minute before the run: above 0, something else was at work. */
  readonly loadBefore: number
}

export const describe = (pinning: Pinning): Machine => ({
  platform: Os.platform(),
  kernel: Os.release(),
  architecture: Os.arch(),
  processor: Os.cpus()[0]?.model.trim() ?? "unknown",
  cores: Os.availableParallelism(),
  memoryBytes: Os.totalmem(),
  pinned: pinning !== undefined,
  loadBefore: Os.loadavg()[0]!
})
