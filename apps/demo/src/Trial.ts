/** One app in one world: started, driven, stopped. */
import type * as Effect from "effect/Effect"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import type { Handle, Tcp } from "@portico/core"
import type { Outcome } from "./Measurement.ts"

export interface Trial {
  readonly app: string
  readonly world: string
  /** Its clock is the simulator's: there, throughput says nothing. */
  readonly isVirtual: boolean
  /** The client's backend and processes come from `main`. */
  readonly run: Effect.Effect<Outcome, unknown, ChildProcessSpawner | Handle.Handles | Tcp.Tcp>
}
