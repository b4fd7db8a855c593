/**
 * Makes the scheduler's measuring something that is switched on and off while it runs.
 *
 * The methods that measure ask for the mode first, and do what their stand-ins of `../nothing` do
 * where they are off. So one process compares both, with the same compiled code.
 */
/* oxlint-disable typescript/unbound-method -- each is called with the `this` of who replaces it */
import { everything, mode, nothing } from "./mode.ts"

/** What is touched here of the scheduler's `StepWatch`, its private parts too; */
interface Watch {
  turnMillis: number
  earnedMillis: number
  isTimed: boolean
  isExact: boolean
  readonly nowMillis: () => number
  readonly live: { nowMillis: number; looked(): void; forget(): void }
  begin(): void
  beginHere(): number
  beginShared(isBusy: boolean): boolean
  end(): number
  wantsTurn(): boolean
  turned(): void
  look(isAlone: boolean): number
}

/** of its `LiveFibers`; */
interface Live {
  resumed(fiber: Known): boolean
  ran(fiber: Known): boolean
  queued(fiber: Known): void
  looked(): void
  forget(): void
}

const mark: unique symbol = Symbol("@portico/bench/started")
type Known = object & { [mark]?: true }

/** and of its histograms. */
interface Histogram {
  add(millis: number): void
}

function lookOnly(this: Watch, isAlone: boolean): number {
  const { live } = this
  this.turnMillis = live.nowMillis = this.nowMillis()
  live.looked()
  if (isAlone || !this.isTimed) live.forget()
  this.isTimed = true
  return this.turnMillis
}

const switchWatch = (watch: Watch): void => {
  const { begin, beginHere, beginShared, end, look, turned, wantsTurn } = watch
  // A stretch begins: nothing is pending.
  watch.begin = function () {
    if (mode.now !== mode.wanted) {
      mode.now = mode.wanted
      // Exact looks are for the time since they were earned last: that it was off earns none.
      this.earnedMillis = this.turnMillis
    }
    begin.call(this)
    if (mode.now !== everything) this.isExact = false
  }
  watch.beginHere = function () {
    const now = beginHere.call(this)
    if (mode.now !== everything) this.isExact = false
    return now
  }
  watch.beginShared = function (isBusy) {
    return mode.now === everything && beginShared.call(this, isBusy)
  }
  watch.end = function () {
    return mode.now === everything ? end.call(this) : 0
  }
  watch.wantsTurn = function () {
    return mode.now === everything && wantsTurn.call(this)
  }
  watch.turned = function () {
    if (mode.now === everything) turned.call(this)
  }
  watch.look = function (isAlone) {
    return mode.now === everything ? look.call(this, isAlone) : lookOnly.call(this, isAlone)
  }
}

function isKnown(this: Live, fiber: Known): boolean {
  return fiber[mark] !== undefined
}

function isNew(this: Live, fiber: Known): boolean {
  const isFirst = fiber[mark] === undefined
  if (isFirst) fiber[mark] = true
  return isFirst
}

const switchFibers = (fibers: Live): void => {
  const { forget, looked, queued, ran, resumed } = fibers
  fibers.resumed = function (fiber) {
    return mode.now === nothing ? isNew.call(this, fiber) : resumed.call(this, fiber)
  }
  fibers.ran = function (fiber) {
    return mode.now === nothing ? isKnown.call(this, fiber) : ran.call(this, fiber)
  }
  fibers.queued = function (fiber) {
    if (mode.now !== nothing) queued.call(this, fiber)
  }
  fibers.looked = function () {
    if (mode.now !== nothing) looked.call(this)
  }
  fibers.forget = function () {
    if (mode.now !== nothing) forget.call(this)
  }
}

const switchHistogram = (histogram: Histogram): void => {
  const { add } = histogram
  histogram.add = function (millis) {
    if (mode.now === everything) add.call(this, millis)
  }
}

const core = new URL("../../../../../packages/core/src/", import.meta.url)

const prototypeOf = async (file: string, name: string) =>
  (await import(new URL(file, core).href))[name].prototype

/** Before the scheduler is made. */
export const switchMeasuring = async (): Promise<void> => {
  switchWatch(await prototypeOf("internal/loop/StepWatch.ts", "StepWatch"))
  switchFibers(await prototypeOf("internal/loop/LiveFibers.ts", "LiveFibers"))
  switchHistogram(await prototypeOf("LoopHistogram.ts", "LoopHistogram"))
}
