/**
 * How many tasks each phase may run in one iteration of the loop.
 *
 * Without a scheduling it is as on hosts: all that were ready when the phase began, and a budget of
 * steps for fibers, which wake each other. With one, it may be none: so whatever is ready may be
 * overtaken by whatever comes in a later phase, of this iteration or of the next ones.
 */
import { Quota } from "../explore/Policy.ts"
import type { Scheduling } from "../explore/Scheduling.ts"

/**
 * Steps of fibers in one turn. A step may be a slice of 2,048 operations, of which hosts allow some
 * five in a turn, or as short as most are.
 */
const fiberStepsBits = 6
export const fiberStepsMax = 1 << fiberStepsBits

/** Iterations that a phase may run nothing although it could. */
const passesMax = 16

export class Quotas {
  private readonly scheduling: Scheduling | undefined
  private readonly passes: Array<number> = []

  constructor(scheduling: Scheduling | undefined) {
    this.scheduling = scheduling
  }

  /**
   * For one place of the loop where `count` tasks, at least 1, are ready. `isAlone`: nothing else
   * is, that could overtake them, so at least one runs.
   */
  of(place: number, count: number, isFibers: boolean, isAlone: boolean): number {
    const { passes, scheduling } = this
    if (scheduling === undefined) return isFibers ? fiberStepsMax : count
    if (isAlone && count === 1 && !isFibers) return 1
    const quota = choose(scheduling, count, isFibers)
    if (quota > 0 || isAlone || passes[place] === passesMax) {
      passes[place] = 0
      return Math.max(1, quota)
    }
    passes[place] = (passes[place] ?? 0) + 1
    return 0
  }
}

// None, one, a part, or as many as there may be: each finds other bugs. Of the parts, 0 is all.
const choose = (scheduling: Scheduling, count: number, isFibers: boolean): number => {
  switch (scheduling.quota()) {
    case Quota.all:
      return isFibers ? fiberStepsMax : count
    case Quota.none:
      return 0
    case Quota.one:
      return 1
    case Quota.part:
      return isFibers
        ? fiberStepsMax >> scheduling.part(fiberStepsBits + 1)
        : count - scheduling.part(count + 1)
  }
}
