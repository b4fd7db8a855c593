/**
 * The fibers of a scheduler, from their first start until they have ended.
 *
 * Effect does not tell a scheduler that a fiber ended. So at a look at the clock those are dropped
 * that started since the one before and have ended, and two of the older ones are looked at, and
 * two more for each that is left: constant work for each start, and the list stays below twice the
 * live fibers and `startsMax`. An ended fiber is held, with its exit, until after so many looks
 * with starts before them as fibers are alive.
 */
import type * as Fiber from "effect/Fiber"
import type { KnownFiber } from "../../LoopScheduler.ts"

type AnyFiber = Fiber.Fiber<unknown, unknown>

/** Starts after which ended ones are dropped, if nobody looks at the clock before. */
const startsMax = 1024
/** Places for their times at first, and at least. */
const timesMin = 64

/** Where the fiber stands in the list. On the fiber itself: a WeakMap costs as much as a fork. */
const mark: unique symbol = Symbol("@portico/core/place")
interface Marked {
  [mark]?: number
}

const isLive = (fiber: AnyFiber): boolean => fiber.pollUnsafe() === undefined

export class LiveFibers {
  private readonly fibers: Array<AnyFiber> = []
  /**
   * When each last began to run, in milliseconds; -1 - that while it stands in the run queue. V8
   * allocates for a fraction that is stored on a fiber, and not for one that is stored here.
   */
  private times = new Float64Array(timesMin)
  private cursor = 0
  /** So many were there at the last look; those behind them have started since. */
  private settled = 0
  /** Who ran then or later is recent. */
  private sinceMillis = 0
  /** The time of the last look at the clock: a fraction that is passed on is allocated, too. */
  nowMillis = 0

  /** `fiber` runs, or begins to. True the first time ever. */
  resumed(fiber: AnyFiber): boolean {
    const place = (fiber as Marked)[mark]
    if (place !== undefined && this.fibers[place] === fiber) {
      this.times[place] = this.nowMillis
      return false
    }
    this.add(fiber)
    return place === undefined
  }

  /** `fiber`, which runs, is put into the run queue. */
  queued(fiber: AnyFiber): void {
    const place = (fiber as Marked)[mark]!
    this.times[place] = -1 - this.times[place]!
  }

  private add(fiber: AnyFiber): void {
    const place = this.fibers.length
    if (place === this.times.length) this.resize(2 * place)
    this.fibers.push(fiber)
    this.times[place] = this.nowMillis
    ;(fiber as Marked)[mark] = place
    if (place - this.settled >= startsMax) this.settle()
  }

  /** Who ran before now is not recent any more. */
  forget(): void {
    this.sinceMillis = this.nowMillis
    if (this.fibers.length > this.settled) this.settle()
  }

  /** Drops those of the latest that have ended: most fibers live shorter than from look to look. */
  private settle(): void {
    const { fibers } = this
    const before = this.settled
    for (let place = before; place < fibers.length; place++) {
      if (this.isHere(place)) this.move(place, this.settled++)
    }
    fibers.length = this.settled
    this.sweep(2 + 2 * (this.settled - before))
  }

  private sweep(looks: number): void {
    const { fibers } = this
    for (let left = looks; left > 0 && fibers.length > 0; left--) {
      if (this.cursor >= fibers.length) this.cursor = 0
      if (this.isHere(this.cursor)) this.cursor++
      else {
        this.move(fibers.length - 1, this.cursor)
        fibers.pop()
      }
    }
    this.settled = fibers.length
    const places = this.times.length
    if (places > timesMin && fibers.length < places / 4) this.resize(places / 2)
  }

  /** Alive, and not listed again since another scheduler ran it. */
  private isHere(place: number): boolean {
    const fiber = this.fibers[place]!
    return isLive(fiber) && (fiber as Marked)[mark] === place
  }

  private move(from: number, to: number): void {
    if (from === to) return
    const fiber = this.fibers[from]!
    this.fibers[to] = fiber
    this.times[to] = this.times[from]!
    if ((fiber as Marked)[mark] === from) (fiber as Marked)[mark] = to
  }

  private resize(places: number): void {
    const times = new Float64Array(Math.max(places, timesMin))
    times.set(this.times.subarray(0, this.fibers.length))
    this.times = times
  }

  /** Entries of the list: live fibers, and ended ones that were not dropped yet. */
  get length(): number {
    return this.fibers.length
  }

  private atOf(place: number): number {
    const at = this.times[place]!
    return at < 0 ? -1 - at : at
  }

  /** Those that ran lately, ended ones too; the latest first. */
  recent(): ReadonlyArray<AnyFiber> {
    return this.fibers
      .map((fiber, place) => ({ fiber, at: this.atOf(place) }))
      .filter(({ at }) => at >= this.sinceMillis)
      .sort((a, b) => b.at - a.at || a.fiber.id - b.fiber.id)
      .map(({ fiber }) => fiber)
  }

  count(): number {
    return this.fibers.filter((_, place) => this.isHere(place)).length
  }

  list(): ReadonlyArray<KnownFiber> {
    return this.fibers
      .map((fiber, place) => ({
        fiber,
        resumedAtMillis: this.atOf(place),
        isQueued: this.times[place]! < 0
      }))
      .filter((_, place) => this.isHere(place))
      .sort((a, b) => a.fiber.id - b.fiber.id)
  }
}
