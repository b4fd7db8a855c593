/** What a simulated test is told by its author. */
import type { Explore } from "@portico/sim"

export interface SimTestOptions extends Omit<
  Explore.ExploreOptions,
  "failuresMax" | "shard" | "onRun"
> {
  /** Time of the host after which no further run starts. Default 5 seconds. */
  readonly budget?: Explore.ExploreOptions["budget"]
  /** The scenario injects faults: a test in which none strikes fails. Default false. */
  readonly faults?: boolean | undefined
  /**
   * What may stay untried without the test failing:
   * - `commits`: no operation was committed (`Probe.committed`);
   * - `schedules`: all runs were the same;
   * - `places`: a condition of `Probe.sometimes` never held.
   *
   * Default none.
   */
  readonly vacuous?: ReadonlyArray<"commits" | "schedules" | "places"> | undefined
  /**
   * The folder of failures that were found before, which are run first; and to which new ones are
   * added. Default `.sim` beside the test file. False for none.
   */
  readonly corpus?: string | false | undefined
}
