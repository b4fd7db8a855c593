/** One app in one world: started, driven, stopped. */
import type * as Effect from "effect/Effect"
import type { Outcome } from "./Measurement.ts"

export interface Trial<R> {
  readonly app: string
  readonly world: string
  /** Its clock is the simulator's: there, throughput says nothing. */
  readonly isVirtual: boolean
  readonly run: Effect.Effect<Outcome, unknown, R>
}
