/**
 * Whose fibers these are, among those that share locks. For backends that run several simulated
 * threads on one loop; by default a fiber is the loop's own.
 */
import * as Context from "effect/Context"

/** The seat; 0 is the loop's. */
export const CurrentSeat = Context.Reference<number>("@portico/core/sync/CurrentSeat", {
  defaultValue: () => 0
})
