/**
 * The steps that held the thread for long: the longest of all, and blame for those that did so for
 * the threshold.
 *
 * To name a step takes 20 to 200 µs: where a span was opened is read from a stack, and the fibers
 * that ran are sorted. On a busy machine any step may be long, hundreds in a second. So those below
 * the threshold are named ten times a second, and where they are twice as long as any before.
 */
import type { Blame, Suspect } from "../../Blame.ts"
import type { LongStep } from "../../LoopSnapshot.ts"
import { siteOf } from "./Frames.ts"

const stepsMax = 8
/** Sites that were reported. Further ones push the oldest out, which may then be reported again. */
const sitesMax = 256
/** Shorter steps are not worth a name. */
export const longStepMillisMin = 1
/** Names of steps below the threshold: so many in a burst, and so many a millisecond. */
const namesMax = 32
const namesPerMilli = 0.01

export class LongSteps {
  /** Steps at least this long may be worth a name: for blame, or among the longest. */
  millisMin: number
  private steps: Array<LongStep> = []
  private names = namesMax
  private earnedMillis: number
  private readonly thresholdMillis: number
  private readonly sites = new Set<string>()
  private readonly listeners = new Set<(blame: Blame) => void>()

  constructor(thresholdMillis: number, nowMillis: number) {
    this.thresholdMillis = thresholdMillis
    this.earnedMillis = nowMillis
    this.millisMin = Math.min(thresholdMillis, longStepMillisMin)
  }

  /** Whether a step of `millis` that is over now is to be named. */
  isNamed(millis: number, nowMillis: number): boolean {
    if (millis < this.millisMin) return false
    if (millis >= this.thresholdMillis || millis >= 2 * this.longestMillis) return true
    const earned = (nowMillis - this.earnedMillis) * namesPerMilli
    this.names = Math.min(namesMax, this.names + earned)
    this.earnedMillis = nowMillis
    if (this.names < 1) return false
    this.names--
    return true
  }

  note(suspects: ReadonlyArray<Suspect>, millis: number, atMillis: number): void {
    const site = siteOf(suspects)
    this.remember({ millis, site })
    if (millis < this.thresholdMillis || this.sites.has(site)) return
    if (this.sites.size === sitesMax) this.sites.delete(this.sites.values().next().value!)
    this.sites.add(site)
    for (const listener of Array.from(this.listeners))
      listener({ millis, atMillis, suspects, site })
  }

  private remember(step: LongStep): void {
    const others = this.steps.filter(({ site }) => site !== step.site)
    const before = this.steps.find(({ site }) => site === step.site)
    const longer = before !== undefined && before.millis > step.millis ? before : step
    this.steps = [...others, longer].sort((a, b) => b.millis - a.millis).slice(0, stepsMax)
    const isFull = this.steps.length === stepsMax
    const least = isFull ? this.steps[stepsMax - 1]!.millis : longStepMillisMin
    this.millisMin = Math.min(this.thresholdMillis, Math.max(longStepMillisMin, least))
  }

  private get longestMillis(): number {
    return this.steps[0]?.millis ?? 0
  }

  /** At most 8, longest first. */
  get longest(): ReadonlyArray<LongStep> {
    return this.steps
  }

  onBlame(listener: (blame: Blame) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }
}
