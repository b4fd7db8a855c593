/** One consumer's stream of chance, whose draws a log may record or decide. */
import type { DecisionLog } from "./explore/DecisionLog.ts"
import { Prng } from "./Prng.ts"

export class Draws extends Prng {
  /** Its number among `Choices`; names the consumer in a log of decisions. */
  readonly kind: number
  log: DecisionLog | undefined

  constructor(seed: number, kind: number, log?: DecisionLog) {
    super(seed, kind)
    this.kind = kind
    this.log = log
  }

  /**
   * As `Prng.below`; 0 has to be the mildest outcome. With a log this is a decision: it can be
   * replayed, and shrunk towards 0. Bits from `next` are not. `label`, 32 bits, tells decisions of
   * one kind apart.
   */
  override below(count: number, label = 0): number {
    const draw = super.below(count)
    return this.log === undefined ? draw : this.log.decide(this.kind, count, draw, label)
  }
}
