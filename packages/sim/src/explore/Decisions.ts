/**
 * What was left to chance in one run, decision by decision: its kind, among how many, and which.
 *
 * Zeros, the mildest outcome, are most of them; runs of equal ones are one entry.
 */

/** Sixteen kinds: the streams of `Choices`. */
export const kindsMax = 16
/** Decisions that one label hash stands for. */
export const decisionsPerHash = 64

export interface Decision {
  readonly kind: number
  /** Outcomes that there were, 1 or more. */
  readonly count: number
  /** 0 to `count` - 1. */
  readonly value: number
}

/** One decision, or a run of equal ones whose value is 0. */
export interface Entry extends Decision {
  /** 1 or more; 1 if `value` is not 0. */
  readonly run: number
}

export interface Decisions {
  readonly entries: ReadonlyArray<Entry>
  /** Decisions, not entries. */
  readonly length: number
  /** After each 64 decisions, what stands for all labels up to there: 0 to 2^32 - 1. */
  readonly labelHashes: ReadonlyArray<number>
}

export const none: Decisions = { entries: [], length: 0, labelHashes: [] }

/** A decision that is not 0, by its place among those of its kind. */
export interface Deviation extends Decision {
  /** From 0, among all decisions. */
  readonly index: number
  /** From 0, among the decisions of its kind. */
  readonly ordinal: number
}

/** The decisions that are not 0, in order: all that makes this run another than the mildest. */
export const deviations = (decisions: Decisions): ReadonlyArray<Deviation> => {
  const ordinals = Array.from({ length: kindsMax }, () => 0)
  const found: Array<Deviation> = []
  let index = 0
  for (const { count, kind, run, value } of decisions.entries) {
    if (value !== 0) found.push({ kind, count, value, index, ordinal: ordinals[kind]! })
    index += run
    ordinals[kind]! += run
  }
  return found
}

export const labelSeed = 0x811c9dc5

/** FNV-1a over 32-bit words, as the hash of events. `label` is 0 where there is none. */
export const labelHash = (hash: number, kind: number, count: number, label: number): number => {
  const next = Math.imul(hash ^ (kind + count * kindsMax), 0x01000193)
  return label === 0 ? next : Math.imul(next ^ label, 0x01000193)
}
