/**
 * A bug that the simulator has to find, and the same program without it.
 *
 * Both are ordinary programs: nothing in them knows that it is tested. A run in production order
 * without faults finds none of the bugs, so ordinary tests would pass.
 */
import type { Explore } from "@portico/sim"

export interface Canary {
  readonly name: string
  readonly buggy: Explore.Scenario
  /** The buggy one without faults, where there are any. */
  readonly calm?: Explore.Scenario
  readonly fixed: Explore.Scenario
  /** What the buggy one fails as: see `Explore.fingerprint`. */
  readonly fails: string
  /** Seeds within which the default portfolio has to find it. */
  readonly seeds: number
}
