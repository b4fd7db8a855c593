/**
 * Which kinds of faults there are in a run, and how bad they are: drawn, so that a thousand seeds
 * are a thousand networks and not one network a thousand times (swarm testing, Groce et al. 2012).
 */
import { chanceMax, type LinkState } from "../kernel/Link.ts"
import type { Prng } from "../Prng.ts"

/**
 * Those that are drawn unless a world says otherwise:
 *
 * - `latency`, `loss`, `duplicate`, `reorder`: of every link between hosts;
 * - `partition`, `hold`: between two groups of hosts, for a while;
 * - `power`, `kill`: a host crashes, at an I/O event or between, and is restarted;
 * - `pause`: a process stops for a while; `clock`: a wall clock is set, and drifts;
 * - `reads`: streams give less than there is; `disk`: operations stall, reads and writes are short.
 */
export const families = [
  "latency",
  "loss",
  "duplicate",
  "reorder",
  "partition",
  "hold",
  "power",
  "kill",
  "pause",
  "clock",
  "reads",
  "disk"
] as const
/**
 * The others have to be asked for: `names`, lookups by the system's resolver are late, and fail for
 * now (SERVFAIL), or as if there were no such name (NXDOMAIN). Few programs survive that last one.
 */
export type FaultFamily = (typeof families)[number] | "names"

/** Those that strike now and then; the others are there all the time. */
export type Strike = Extract<
  FaultFamily,
  "partition" | "hold" | "power" | "kill" | "pause" | "clock"
>
const strikes: ReadonlySet<FaultFamily> = new Set<Strike>([
  "partition",
  "hold",
  "power",
  "kill",
  "pause",
  "clock"
])

export interface FaultProfile {
  readonly families: ReadonlyArray<FaultFamily>
  /** Of every link between hosts. */
  readonly link: Partial<LinkState>
  readonly strikes: ReadonlyArray<Strike>
  /** The most between two strikes, in virtual milliseconds. */
  readonly pauseMillis: number
}

const spreadsMillis = [1, 5, 20, 100] as const
const chances = [0.01, 0.05, 0.2] as const
const pausesMillis = [2000, 500, 100] as const

/** Each of `allowed` is there or not. All zeroes draw the profile without faults. */
export const draw = (draws: Prng, allowed: ReadonlyArray<FaultFamily>): FaultProfile => {
  const drawn = allowed.filter(() => draws.below(2) === 1)
  const has = (family: FaultFamily) => drawn.includes(family)
  const pick = <A>(values: ReadonlyArray<A>) => values[draws.below(values.length)]!
  const chance = (family: FaultFamily) => (has(family) ? Math.round(pick(chances) * chanceMax) : 0)
  return {
    families: drawn,
    link: {
      ...(has("latency")
        ? { spreadNanos: pick(spreadsMillis) * 1e6, tail: pick([0, 10, 50]) }
        : {}),
      loss: chance("loss"),
      duplicate: chance("duplicate"),
      reorder: chance("reorder")
    },
    strikes: drawn.filter((family): family is Strike => strikes.has(family)),
    pauseMillis: pick(pausesMillis)
  }
}
