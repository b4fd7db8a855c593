/** Records every decision of a run; a script may make them in place of chance. */
import {
  type Decision,
  type Decisions,
  decisionsPerHash,
  type Entry,
  labelHash,
  labelSeed
} from "./Decisions.ts"

/** Decides for chance. */
export interface Script {
  /** The outcome, 0 to `count` - 1. */
  next(kind: number, count: number, label: number): number
}

export class DecisionLog {
  /** Told of each decision that is not 0, before what follows from it. */
  onDeviation: (decision: Decision) => void = () => {}
  private readonly script: Script | undefined
  private readonly entries: Array<{ kind: number; count: number; value: number; run: number }> = []
  private readonly hashes: Array<number> = []
  private last: Entry & { run: number } = { kind: -1, count: 0, value: -1, run: 0 }
  private hash = labelSeed
  private length = 0

  constructor(script?: Script) {
    this.script = script
  }

  /** The outcome: `proposal`, unless a script says otherwise. `label` is a 32-bit integer. */
  decide(kind: number, count: number, proposal: number, label = 0): number {
    const { script } = this
    const value = script === undefined ? proposal : script.next(kind, count, label)
    const { last } = this
    if (value === 0 && last.value === 0 && last.kind === kind && last.count === count) last.run++
    else {
      this.last = { kind, count, value, run: 1 }
      this.entries.push(this.last)
    }
    this.hash = labelHash(this.hash, kind, count, label)
    if (value !== 0) this.onDeviation({ kind, count, value })
    if ((++this.length & (decisionsPerHash - 1)) === 0) this.hashes.push(this.hash >>> 0)
    return value
  }

  /** Those so far. */
  decisions(): Decisions {
    const { entries, hashes, length } = this
    return {
      entries: entries.map((entry) => ({ ...entry })),
      length,
      labelHashes: hashes.slice()
    }
  }
}
