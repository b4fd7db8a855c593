/**
 * Looks at the clock while fibers run, and remembers who ran between two looks.
 *
 * A look costs some 45 ns on either host, a fiber's step often less than 500. So the first steps of
 * a stretch are timed one by one, which names a culprit exactly wherever the loop has little to do;
 * after that, eight at a time.
 */
import type * as Fiber from "effect/Fiber"
import type { Blame } from "../Blame.ts"
import type { LongStep } from "../LoopSnapshot.ts"
import { siteOf, suspectOf } from "./Frames.ts"

const exactLooksMax = 8
const stepsPerLook = 8
const longStepsMax = 8
/** Sites that were reported. Further ones push the oldest out, which may then be reported again. */
const sitesMax = 256
/** Shorter steps are not worth a name. */
const longStepMillisMin = 1

type AnyFiber = Fiber.Fiber<unknown, unknown>

export class StepWatch {
  /** The time of the last look. */
  turnMillis: number
  /** Whose step it is, and its context then: a step ends where the span does. */
  fiber: AnyFiber | undefined = undefined
  cache: Fiber.Fiber.Cache | undefined = undefined
  /** Looked at the clock since the stretch began. */
  isTimed = false
  /** When this stretch began, once timed. */
  private beganMillis = 0
  private readonly nowMillis: () => number
  private readonly thresholdMillis: number
  private readonly fibers: Array<AnyFiber | undefined> = Array.from({ length: stepsPerLook })
  private readonly caches: Array<Fiber.Fiber.Cache | undefined> = Array.from({
    length: stepsPerLook
  })
  private steps = 0
  private stepsMax = 0
  private looks = 0
  /** Steps at least this long are noted: as blame, or among the longest. */
  private notedMillisMin: number
  private longest: Array<LongStep> = []
  private readonly sites = new Set<string>()
  private readonly listeners = new Set<(blame: Blame) => void>()

  constructor(nowMillis: () => number, thresholdMillis: number) {
    this.nowMillis = nowMillis
    this.thresholdMillis = thresholdMillis
    this.turnMillis = nowMillis()
    this.notedMillisMin = Math.min(thresholdMillis, longStepMillisMin)
  }

  /** A stretch begins: the time before it was nobody's. */
  begin(): void {
    this.isTimed = false
    this.steps = this.stepsMax = this.looks = 0
    this.fiber = this.cache = undefined
  }

  /** The stretch is over: how long it took, 0 when no fiber ran. Lets go of the fibers. */
  end(): number {
    if (!this.isTimed) return 0
    const millis = this.look() - this.beganMillis
    this.isTimed = false
    this.fiber = this.cache = undefined
    const { caches, fibers } = this
    // Steps that were timed one by one all stood in the first place.
    const used = this.looks > exactLooksMax ? stepsPerLook : 1
    for (let index = 0; index < used; index++) fibers[index] = caches[index] = undefined
    return millis
  }

  /** `fiber` runs on, in another context than before, or another fiber does. */
  step(fiber: AnyFiber): void {
    if (this.steps === this.stepsMax) this.look()
    this.fiber = this.fibers[this.steps] = fiber
    this.cache = this.caches[this.steps] = fiber.cache
    this.steps++
  }

  /** Looks at the clock: the time. Whoever ran since the last look had it all. */
  look(): number {
    const now = this.nowMillis()
    if (!this.isTimed) {
      this.isTimed = true
      this.beganMillis = now
    } else if (this.steps > 0) {
      const millis = now - this.turnMillis
      if (millis >= this.notedMillisMin) this.note(millis, now)
    }
    this.turnMillis = now
    this.steps = 0
    this.stepsMax = ++this.looks <= exactLooksMax ? 1 : stepsPerLook
    return now
  }

  /** As `look`, in the middle of a step that goes on. */
  lookAt(fiber: AnyFiber): number {
    const now = this.look()
    this.step(fiber)
    return now
  }

  private note(millis: number, atMillis: number): void {
    const suspects = []
    for (let index = 0; index < this.steps; index++) {
      if (!this.isAgain(index)) {
        suspects.push(suspectOf(this.fibers[index]!.id, this.caches[index]!))
      }
    }
    const site = siteOf(suspects)
    this.remember({ millis, site })
    if (millis < this.thresholdMillis || this.sites.has(site)) return
    if (this.sites.size === sitesMax) this.sites.delete(this.sites.values().next().value!)
    this.sites.add(site)
    for (const listener of Array.from(this.listeners))
      listener({ millis, atMillis, suspects, site })
  }

  /** The same fiber in the same span stands before `index`, too. */
  private isAgain(index: number): boolean {
    for (let before = 0; before < index; before++) {
      const isSame = this.fibers[before] === this.fibers[index]
      if (isSame && this.caches[before] === this.caches[index]) return true
    }
    return false
  }

  private remember(step: LongStep): void {
    const others = this.longest.filter(({ site }) => site !== step.site)
    const before = this.longest.find(({ site }) => site === step.site)
    const longer = before !== undefined && before.millis > step.millis ? before : step
    this.longest = [...others, longer].sort((a, b) => b.millis - a.millis).slice(0, longStepsMax)
    const isFull = this.longest.length === longStepsMax
    const least = isFull ? this.longest[longStepsMax - 1]!.millis : longStepMillisMin
    this.notedMillisMin = Math.min(this.thresholdMillis, Math.max(longStepMillisMin, least))
  }

  get longestSteps(): ReadonlyArray<LongStep> {
    return this.longest
  }

  onBlame(listener: (blame: Blame) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }
}
