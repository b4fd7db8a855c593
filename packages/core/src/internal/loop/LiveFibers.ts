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
import { LookTimes, placesMin, visitsMax } from "./LookTimes.ts"

type AnyFiber = Fiber.Fiber<unknown, unknown>

/** Starts after which ended ones are dropped, if nobody looks at the clock before. */
const startsMax = 1024

/** On the fiber itself: a WeakMap costs as much as a fork. In whose list it stands, */
const owner: unique symbol = Symbol("@portico/core/owner")
/** and where; */
const mark: unique symbol = Symbol("@portico/core/place")
/** the look before it last ran; -1 - that while it stands in the run queue. */
const ranAt: unique symbol = Symbol("@portico/core/ranAt")
interface Marked {
  [owner]?: LiveFibers
  [mark]?: number
  [ranAt]?: number
}

const isLive = (fiber: AnyFiber): boolean => fiber.pollUnsafe() === undefined

export class LiveFibers extends LookTimes {
  private readonly fibers: Array<AnyFiber> = []
  private cursor = 0
  /** The place that is visited next. */
  private visited = 0
  /** So many were there at the last look; those behind them have started since. */
  private settled = 0
  /** Who ran then or later is recent. */
  private sinceMillis = 0

  /** `fiber` runs, or begins to. True the first time ever. */
  resumed(fiber: AnyFiber): boolean {
    return !this.ran(fiber) && this.add(fiber)
  }

  /** The same for one that is in the list; false if it is not. */
  ran(fiber: AnyFiber): boolean {
    if ((fiber as Marked)[owner] !== this) return false
    ;(fiber as Marked)[ranAt] = this.look
    return true
  }

  /** `fiber`, which runs, is put into the run queue. */
  queued(fiber: AnyFiber): void {
    ;(fiber as Marked)[ranAt] = -1 - (fiber as Marked)[ranAt]!
  }

  private add(fiber: AnyFiber): boolean {
    const marked = fiber as Marked
    const before = marked[owner]
    before?.note(marked[mark]!)
    const place = this.fibers.length
    if (place === this.places) this.resize(2 * place)
    this.fibers.push(fiber)
    marked[owner] = this
    marked[mark] = place
    marked[ranAt] = this.look
    if (place - this.settled >= startsMax) this.settle()
    return before === undefined
  }

  /** A look at the clock: it is `nowMillis`. */
  looked(): void {
    if (this.nextLook()) this.visit()
  }

  private visit(): void {
    const { length } = this.fibers
    for (let left = Math.min(visitsMax, length); left > 0; left--) {
      if (this.visited >= length) this.visited = 0
      this.note(this.visited++)
    }
  }

  /** Who ran before the last look is not recent any more. */
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
    const { places } = this
    if (places > placesMin && fibers.length < places / 4) this.resize(places / 2)
  }

  /** Alive, and not listed again since another scheduler ran it. */
  private isHere(place: number): boolean {
    const fiber = this.fibers[place]!
    return isLive(fiber) && this.isAt(place)
  }

  private isAt(place: number): boolean {
    const marked = this.fibers[place] as Marked
    return marked[mark] === place && marked[owner] === this
  }

  private move(from: number, to: number): void {
    if (from === to) return
    this.note(from)
    this.copyNote(from, to)
    const isAt = this.isAt(from)
    const fiber = this.fibers[from]!
    this.fibers[to] = fiber
    if (isAt) (fiber as Marked)[mark] = to
  }

  /** Notes when the fiber at the place last ran; of one that has left, nothing new is known. */
  private note(place: number): void {
    if (this.isAt(place)) this.noteLook(place, this.lookOf(place))
  }

  private lookOf(place: number): number {
    const look = (this.fibers[place] as Marked)[ranAt]!
    return look < 0 ? -1 - look : look
  }

  private resize(places: number): void {
    for (let place = 0; place < this.fibers.length; place++) this.note(place)
    this.resizeTimes(places, this.fibers.length)
  }

  /** Entries of the list: live fibers, and ended ones that were not dropped yet. */
  get length(): number {
    return this.fibers.length
  }

  private atOf(place: number): number {
    this.note(place)
    return this.notedMillis(place)
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
        isQueued: (fiber as Marked)[ranAt]! < 0
      }))
      .filter((_, place) => this.isHere(place))
      .sort((a, b) => a.fiber.id - b.fiber.id)
  }
}
