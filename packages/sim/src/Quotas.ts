/**
 * How many tasks each phase may run in one iteration of the loop.
 *
 * In order `fifo` it is as on hosts: all that were ready when the phase began, and a budget of
 * steps for fibers, which wake each other. In order `random` it is drawn, and may be none: so
 * whatever is ready may be overtaken by whatever comes in a later phase, of this iteration or of
 * the next ones.
 */
import type { Prng } from "./Prng.ts"
import type { Order } from "./ReadyList.ts"

/**
 * Steps of fibers in one turn. A step may be a slice of 2,048 operations, of which hosts allow some
 * five in a turn, or as short as most are.
 */
const fiberStepsBits = 6
export const fiberStepsMax = 1 << fiberStepsBits

/** Iterations that a phase may run nothing although it could. */
const passesMax = 16

export class Quotas {
  private readonly draws: Prng | undefined
  private readonly passes: Array<number> = []

  constructor(order: Order, draws: Prng) {
    this.draws = order === "random" ? draws : undefined
  }

  /**
   * For one place of the loop where `count` tasks, at least 1, are ready. `isAlone`: nothing else
   * is, that could overtake them, so at least one runs.
   */
  of(place: number, count: number, isFibers: boolean, isAlone: boolean): number {
    const { draws, passes } = this
    if (draws === undefined) return isFibers ? fiberStepsMax : count
    if (isAlone && count === 1 && !isFibers) return 1
    const quota = drawQuota(draws.next(), count, isFibers)
    if (quota > 0 || isAlone || passes[place] === passesMax) {
      passes[place] = 0
      return Math.max(1, quota)
    }
    passes[place] = (passes[place] ?? 0) + 1
    return 0
  }
}

// None, one, some, or as many as there may be: all four are likely, as each finds other bugs.
const drawQuota = (draw: number, count: number, isFibers: boolean): number => {
  const rest = draw >>> 2
  switch (draw & 3) {
    case 0:
      return 0
    case 1:
      return 1
    case 2:
      return Math.floor((rest * (count + 1)) / 0x4000_0000)
    default:
      return isFibers ? 1 << (rest % (fiberStepsBits + 1)) : count
  }
}
