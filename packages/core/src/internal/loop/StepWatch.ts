/**
 * Looks at the clock while fibers run, and tells who ran between two looks.
 *
 * A look costs some 45 ns where it is hot, half a microsecond and more between two system calls
 * (the pages that it touches have left the processor by then), and a fiber's step often less than
 * 200. So steps are timed one by one only as long as there are few of them in each millisecond,
 * which names a culprit exactly in all but the busiest moments. Further ones share looks, and
 * nothing is noted of them: who ran is found afterwards, by the times that `LiveFibers` keeps, and
 * only where a step was long. Callbacks do the same: while a turn is armed the host does not wait,
 * so the time since the last look is work, and sixteen of them share it.
 */
import type * as Fiber from "effect/Fiber"
import type { Suspect } from "../../Blame.ts"
import { suspectOf } from "./Frames.ts"
import type { LiveFibers } from "./LiveFibers.ts"
import { longStepMillisMin, LongSteps } from "./LongSteps.ts"

/** Looks between two steps of one stretch: so many in a burst, and so many a millisecond. */
const exactLooksMax = 1024
const exactLooksPerMilli = 16
/** Callbacks with looks of their own: so many in a burst, and so many a millisecond. */
const ownCallbacksMax = 512
const ownCallbacksPerMilli = 0.5
/** So many of them share one at most: fewer where the look would come after half a long step, */
const callbacksPerLookMax = 16
const sharedMillisMax = longStepMillisMin / 2
/** and more again where it came before an eighth of one. */
const sharedMillisMin = longStepMillisMin / 8
/** So many that share looks, at least, make up for a turn of the loop that is armed for them, */
const sharersMin = 2
/**
 * and where they were fewer, so many callbacks go without one before it is tried again, twice as
 * many after each time that it failed. 3 to 30 in each poll do not divide 61: so it is not always
 * one of the last two that tries.
 */
const lonelyMin = 4
const lonelyMax = 60
const suspectsMax = 16
/** Nor is finding a name worth more than a tenth of the step: looking at a fiber takes 100 ns. */
const millisPerFiberMin = 0.001

type AnyFiber = Fiber.Fiber<unknown, unknown>

export class StepWatch {
  /** The time of the last look. */
  turnMillis: number
  /** Looked at the clock since the stretch began. */
  isTimed = false
  /** Steps are timed one by one. */
  isExact = false
  /** The stretch goes on from the last look, with callbacks before it. */
  isShared = false
  /** Those that have ended, without a look since. */
  private shared = 0
  private callbacksPerLook = callbacksPerLookMax
  /** A turn was armed for them. */
  private isAwaited = false
  /** Those since the last turn, and how many callbacks more go without a turn that they share. */
  private sharers = 0
  private lonely = 0
  /** So many will go without one if nobody shares the next. */
  private lonelyNext = lonelyMin
  /** Then: whose step it is, and its context: a step ends where the span does. */
  private fiber: AnyFiber | undefined = undefined
  private cache: Fiber.Fiber.Cache | undefined = undefined
  /** When this stretch began, once timed. */
  private beganMillis = 0
  private exactLooks = exactLooksMax
  private ownCallbacks = ownCallbacksMax
  private earnedMillis: number
  private readonly nowMillis: () => number
  private readonly live: LiveFibers
  readonly long: LongSteps

  constructor(nowMillis: () => number, thresholdMillis: number, live: LiveFibers) {
    this.nowMillis = nowMillis
    this.live = live
    this.turnMillis = this.earnedMillis = live.nowMillis = nowMillis()
    live.looked()
    this.long = new LongSteps(thresholdMillis, this.turnMillis)
  }

  /** A stretch begins: the time before it was nobody's. */
  begin(): void {
    this.isTimed = this.isShared = false
    this.isExact = true
  }

  /** A stretch begins at the look that was taken just now: its time. */
  beginHere(): number {
    this.isShared = false
    this.isExact = true
    this.beginTime(this.turnMillis)
    return this.turnMillis
  }

  /**
   * A callback begins that shares looks with others: whether it does. `isBusy`: the host has not
   * waited since the last look.
   */
  beginShared(isBusy: boolean): boolean {
    if (this.shared === 0) {
      if (!isBusy || this.hasLooks) return false
      this.beganMillis = this.turnMillis
      this.isShared = this.isTimed = true
      this.isExact = false
    }
    return true
  }

  /** The stretch is over: how long it took, 0 when no fiber ran. Lets go of the fiber. */
  end(): number {
    if (!this.isTimed) return 0
    const began = this.beganMillis
    const now = this.look(true)
    this.isTimed = this.isExact = false
    return now - began
  }

  /** A callback is over that shares looks: whether it is time for one. */
  endShared(hasRun: boolean): boolean {
    if (hasRun) {
      this.shared++
      this.sharers++
    } else if (this.shared === 0) this.isShared = this.isTimed = false
    return this.shared >= this.callbacksPerLook
  }

  /** Looks at the clock for callbacks that share a look: how long they took; undefined if none. */
  settle(): number | undefined {
    if (this.shared === 0) return undefined
    const began = this.beganMillis
    const now = this.look(true)
    this.shared = 0
    this.isShared = this.isTimed = false
    this.adapt(now - began)
    return now - began
  }

  private adapt(millis: number): void {
    if (millis > sharedMillisMax) this.callbacksPerLook = Math.max(1, this.callbacksPerLook >> 1)
    else if (millis < sharedMillisMin)
      this.callbacksPerLook = Math.min(callbacksPerLookMax, this.callbacksPerLook * 2)
  }

  private setStep(fiber: AnyFiber | undefined): void {
    this.fiber = fiber
    this.cache = fiber?.cache
  }

  /** While steps are exact: this one goes on. */
  isAt(fiber: AnyFiber): boolean {
    return fiber === this.fiber && fiber.cache === this.cache
  }

  /**
   * While steps are exact: `fiber` runs on, in another context than before, or another fiber does.
   * `isAlone`: whoever ran before it does not go on after it.
   */
  step(fiber: AnyFiber, isAlone: boolean): void {
    if (!this.isTimed) {
      if (this.ownCallbacks >= 1) this.ownCallbacks--
      this.look(isAlone)
    } else if (this.fiber !== undefined && this.spend()) this.look(isAlone)
    this.setStep(this.isExact ? fiber : undefined)
  }

  /** The task is over: whether its step is exact, and to be looked at. */
  endsStep(): boolean {
    if (!this.isExact || this.fiber === undefined) return false
    if (this.spend()) return true
    // Whoever is next shares the look that this step did not get.
    this.setStep(undefined)
    return false
  }

  /**
   * Looks at the clock in the middle of a step that goes on. While steps are exact each operation
   * is looked at, too: those since the last look cost as much as `looks` more.
   */
  lookAt(fiber: AnyFiber, isAlone: boolean, looks: number): number {
    const now = this.look(isAlone)
    if (this.isExact) this.setStep(this.spend(looks) ? fiber : undefined)
    return now
  }

  /** Whether there are exact looks left: without, steps are not exact until the next stretch. */
  private spend(looks = 1): boolean {
    if (this.exactLooks < looks) this.earn()
    this.isExact = this.exactLooks >= looks
    if (this.isExact) this.exactLooks -= looks
    return this.isExact
  }

  /** Whether a callback may have looks of its own. */
  get hasLooks(): boolean {
    if (this.ownCallbacks < 1) this.earn()
    return this.ownCallbacks >= 1
  }

  /**
   * A callback ended whose looks were its own: whether those that follow are to share theirs, until
   * a turn. Where callbacks come one by one, a poll between each two, nobody would.
   */
  wantsTurn(): boolean {
    if (this.hasLooks) return false
    this.isAwaited = this.lonely === 0
    if (!this.isAwaited) this.lonely--
    return this.isAwaited
  }

  /** A turn comes. */
  turned(): void {
    if (this.isAwaited) {
      const isShared = this.sharers >= sharersMin
      this.lonely = isShared ? 0 : this.lonelyNext
      this.lonelyNext = isShared ? lonelyMin : Math.min(2 * this.lonelyNext, lonelyMax)
    }
    this.isAwaited = false
    this.sharers = 0
  }

  private earn(): void {
    const earned = (this.turnMillis - this.earnedMillis) * exactLooksPerMilli
    this.exactLooks = Math.min(exactLooksMax, this.exactLooks + earned)
    const callbacks = (this.turnMillis - this.earnedMillis) * ownCallbacksPerMilli
    this.ownCallbacks = Math.min(ownCallbacksMax, this.ownCallbacks + callbacks)
    this.earnedMillis = this.turnMillis
  }

  /** Looks at the clock: the time. Whoever ran since the last look had it all. */
  look(isAlone: boolean): number {
    const now = this.nowMillis()
    if (!this.isTimed || now - this.turnMillis >= this.long.millisMin) this.lookBack(now, isAlone)
    else {
      this.take(now)
      if (isAlone) this.forget()
    }
    return now
  }

  // The first look of a stretch, or one after steps that may be worth a name.
  private lookBack(now: number, isAlone: boolean): void {
    const millis = now - this.turnMillis
    const suspects = this.isTimed && this.long.isNamed(millis, now) ? this.suspects(millis) : []
    this.take(now)
    if (!this.isTimed) this.beginTime(now)
    if (isAlone) this.forget()
    if (suspects.length > 0) this.long.note(suspects, millis, now)
  }

  private take(now: number): void {
    this.turnMillis = this.live.nowMillis = now
    this.live.looked()
  }

  private beginTime(now: number): void {
    this.isTimed = true
    this.beganMillis = now
    this.forget()
  }

  private forget(): void {
    this.live.forget()
    this.fiber = this.cache = undefined
  }

  private suspects(millis: number): ReadonlyArray<Suspect> {
    if (this.fiber !== undefined) return [suspectOf(this.fiber.id, this.cache!)]
    if (this.isExact || millis < this.live.length * millisPerFiberMin) return []
    const recent = this.live.recent().slice(0, suspectsMax)
    return recent.map(({ cache, id }) => suspectOf(id, cache))
  }
}
