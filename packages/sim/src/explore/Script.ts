/** Recorded decisions, made again. */
import {
  type Decisions,
  decisionsPerHash,
  type Deviation,
  type Entry,
  kindsMax,
  labelHash,
  labelSeed
} from "./Decisions.ts"
import type { Script } from "./DecisionLog.ts"

/** Where a run stopped to be the one that was recorded. */
export interface Divergence {
  /** The first decision that was another one, from 0. */
  readonly index: number
  /** What was recorded there: undefined for the end of the recording, or if only labels differ. */
  readonly expected: { readonly kind: number; readonly count: number } | undefined
  readonly actual: { readonly kind: number; readonly count: number }
}

/**
 * Exactly the decisions of a recording, one by one; and whether they were asked for as they were
 * then. A decision that was not recorded is 0.
 */
export class ExactScript implements Script {
  /** The first. */
  divergence: Divergence | undefined = undefined
  private readonly decisions: Decisions
  private entry = 0
  private taken = 0
  private index = 0
  private hash = labelSeed

  constructor(decisions: Decisions) {
    this.decisions = decisions
  }

  next(kind: number, count: number, label: number): number {
    const expected = this.decisions.entries[this.entry]
    const index = this.index++
    if (expected?.kind !== kind || expected.count !== count) {
      this.divergence ??= { index, expected, actual: { kind, count } }
      return 0
    }
    this.hash = labelHash(this.hash, kind, count, label)
    this.checkLabels(kind, count)
    this.advance(expected)
    return expected.value
  }

  private advance(entry: Entry): void {
    if (++this.taken < entry.run) return
    this.entry++
    this.taken = 0
  }

  private checkLabels(kind: number, count: number): void {
    if (this.index % decisionsPerHash !== 0) return
    const expected = this.decisions.labelHashes[this.index / decisionsPerHash - 1]
    if (expected === undefined || expected === this.hash >>> 0) return
    const index = this.index - decisionsPerHash
    this.divergence ??= { index, expected: undefined, actual: { kind, count } }
  }
}

/**
 * Each deviation at its place among the decisions of its kind, and 0 everywhere else. So a program
 * that was edited, or a recording of which a part was dropped, still runs much as before.
 */
export class LooseScript implements Script {
  private readonly byKind: ReadonlyArray<ReadonlyMap<number, number>>
  private readonly ordinals: Array<number>

  constructor(deviations: ReadonlyArray<Deviation>) {
    this.ordinals = Array.from({ length: kindsMax }, () => 0)
    this.byKind = this.ordinals.map(
      (_, kind) =>
        new Map(
          deviations
            .filter((one) => one.kind === kind)
            .map(({ ordinal, value }) => [ordinal, value])
        )
    )
  }

  next(kind: number, count: number): number {
    const value = this.byKind[kind]!.get(this.ordinals[kind]!++) ?? 0
    return Math.min(value, count - 1)
  }
}
