/** What strikes lookups of names by the system's resolver: drawn for each, apart from all else. */
import { Reason } from "@portico/core/Reason"
import type { Prng } from "../Prng.ts"

export interface NameFault {
  /** Told instead of the answer. */
  readonly failure: Reason | undefined
  /** Before anything is told. */
  readonly delayNanos: number
}

const none: NameFault = { failure: undefined, delayNanos: 0 }

// A name server that is not there costs five seconds, and then the next one is asked
// (resolv.conf(5), `timeout`).
const faults: ReadonlyArray<NameFault> = [
  { failure: undefined, delayNanos: 100e6 },
  { failure: undefined, delayNanos: 5e9 },
  { failure: Reason.TemporaryFailure(), delayNanos: 0 },
  { failure: Reason.NameNotFound(), delayNanos: 0 }
]

/** One lookup in four is struck. */
const odds = faults.length * 4

export class NameFaults {
  private readonly draws: Prng
  private readonly onStruck: () => void

  constructor(draws: Prng, onStruck: () => void) {
    this.draws = draws
    this.onStruck = onStruck
  }

  /** What becomes of the lookup that begins now. */
  next(): NameFault {
    const fault = faults[this.draws.below(odds) - odds + faults.length]
    if (fault === undefined) return none
    this.onStruck()
    return fault
  }
}
