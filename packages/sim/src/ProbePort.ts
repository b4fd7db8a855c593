/** What a world makes of its programs' probes. Where there is no world, nothing. */
import * as Context from "effect/Context"
import type { Violation } from "./Violation.ts"

/** A closure that is called after every step; a string or false says that it found it broken. */
export type Check = () => boolean | string

export interface ProbePort {
  /** Told of each violation, before it is raised. */
  violated(violation: Violation): void
  /** A place was passed, with its condition holding or not. */
  passed(label: string, isHit: boolean): void
  committed(): void
  /** An integer from 0 to `count` - 1. */
  choose(label: string, count: number): number
  buggify(label: string): boolean
  addInvariant(label: string, check: Check): void
  removeInvariant(check: Check): void
}

const inert: ProbePort = {
  violated: () => {},
  passed: () => {},
  committed: () => {},
  choose: () => 0,
  buggify: () => false,
  addInvariant: () => {},
  removeInvariant: () => {}
}

/** Of the world that the fiber lives in. */
export const ProbePort: Context.Reference<ProbePort> = Context.Reference("@portico/sim/ProbePort", {
  defaultValue: () => inert
})
