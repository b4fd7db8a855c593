/**
 * Drops from a failing run every decision that the failure does not need: a decision that is
 * dropped becomes 0, the mildest outcome.
 *
 * Each candidate is run in full. One is taken if it fails alike with fewer decisions that are not
 * 0, or as many and milder ones. What it then really decided is what the next candidates are of.
 */
import { type Deviation, kindsMax } from "./Decisions.ts"

export interface Attempts {
  /** Runs a candidate: the decisions that it came to if it failed alike, else undefined. */
  readonly attempt: (candidate: ReadonlyArray<Deviation>) => ReadonlyArray<Deviation> | undefined
  /** Whether the runs so far were all that there may be. */
  readonly isSpent: () => boolean
}

export interface Shrunk {
  readonly deviations: ReadonlyArray<Deviation>
  /** Candidates that were run. */
  readonly runs: number
}

export class Shrinker {
  private readonly attempts: Attempts
  private best: ReadonlyArray<Deviation>
  private runs = 0

  constructor(deviations: ReadonlyArray<Deviation>, attempts: Attempts) {
    this.best = deviations
    this.attempts = attempts
  }

  shrink(): Shrunk {
    this.try([])
    this.dropKinds()
    for (let before = Infinity; weight(this.best) < before;) {
      before = weight(this.best)
      this.dropParts()
      this.lower()
      this.dropPairs()
    }
    return { deviations: this.best, runs: this.runs }
  }

  private try(candidate: ReadonlyArray<Deviation>): boolean {
    if (this.attempts.isSpent() || weight(candidate) >= weight(this.best)) return false
    this.runs++
    const found = this.attempts.attempt(candidate)
    if (found === undefined || weight(found) >= weight(this.best)) return false
    this.best = found
    return true
  }

  // All of a kind: a run without crashes says more than one with fewer of them.
  private dropKinds(): void {
    for (let kind = 0; kind < kindsMax; kind++) {
      if (this.best.some((one) => one.kind === kind)) {
        this.try(this.best.filter((one) => one.kind !== kind))
      }
    }
  }

  // Delta debugging (Zeller and Hildebrandt, 2002): halves, quarters, and down to single ones.
  private dropParts(): void {
    let size = Math.ceil(this.best.length / 2)
    while (size >= 1 && !this.attempts.isSpent()) {
      // From the end: what comes late can be dropped without moving what was before it.
      for (let end = this.best.length; end > 0;) {
        const start = Math.max(0, end - size)
        const { best } = this
        this.try([...best.slice(0, start), ...best.slice(end)])
        end = Math.min(start, this.best.length)
      }
      size = size === 1 ? 0 : Math.ceil(size / 2)
    }
  }

  private lower(): void {
    for (let index = 0; index < this.best.length; index++) {
      this.lowerTo(index, () => 1)
      this.lowerTo(index, (value) => value >> 1)
      this.lowerTo(index, (value) => value - 1)
    }
  }

  private lowerTo(index: number, lower: (value: number) => number): void {
    const one = this.best[index]
    if (one === undefined) return
    const value = lower(one.value)
    if (value >= 1 && value < one.value) this.try(this.best.with(index, { ...one, value }))
  }

  // A fiber that is preempted and comes back takes two decisions, which only go together.
  private dropPairs(): void {
    if (this.best.length > pairsMax) return
    for (let first = this.best.length - 2; first >= 0; first--) {
      for (let second = first + 1; second < this.best.length; second++) {
        this.try(this.best.filter((_, index) => index !== first && index !== second))
      }
    }
  }
}

/** So many decisions have 300 pairs. */
const pairsMax = 25

// Fewer first, then milder.
const weight = (deviations: ReadonlyArray<Deviation>): number =>
  deviations.length * 1e9 + deviations.reduce((sum, { value }) => sum + Math.min(value, 1e6), 0)
