/**
 * The fibers of a scheduler, from their first start until they have ended.
 *
 * Effect does not tell a scheduler that a fiber ended. So at a look at the clock those are dropped
 * that started since the one before and have ended, and two of the older ones are looked at, and
 * two more for each that is left: constant work for each start, and the list stays below twice the
 * live fibers and `startsMax`. An ended fiber is held, with its exit, until after so many looks
 * with starts before them as fibers are alive.
 */
import type { SchedulerDispatcher } from "effect/Scheduler"
import type { KnownFiber } from "../../LoopScheduler.ts"
import { type AnyFiber, LiveFiber } from "./LiveFiber.ts"
import { LookTimes, placesMin, visitsMax } from "./LookTimes.ts"

/** Starts after which ended ones are dropped, if nobody looks at the clock before. */
const startsMax = 1024

export class LiveFibers extends LookTimes {
  readonly queue: SchedulerDispatcher
  private readonly fibers: Array<LiveFiber> = []
  /** Those whose dispatchers are another's: of a scheduler that is built around this one. */
  private readonly strangers = new WeakMap<AnyFiber, LiveFiber>()
  private cursor = 0
  /** The place that is visited next. */
  private visited = 0
  /** So many were there at the last look; those behind them have started since. */
  private settled = 0
  /** Who ran then or later is recent. */
  private sinceMillis = 0

  /** `queue` has the tasks that fibers schedule. */
  constructor(queue: SchedulerDispatcher) {
    super()
    this.queue = queue
  }

  /** The dispatcher of a fiber that has not run here yet. */
  newcomer(): LiveFiber {
    return new LiveFiber(this)
  }

  /** `fiber` runs, or begins to. True the first time here. */
  resumed(fiber: AnyFiber): boolean {
    return !this.ran(fiber) && this.add(fiber)
  }

  /** The same for one that is in the list; false if it is not. */
  ran(fiber: AnyFiber): boolean {
    const known = this.known(fiber)
    if (known.ranAt === 0) return false
    known.ranAt = this.look
    return true
  }

  /** `fiber`, which runs, is put into the run queue. */
  queued(fiber: AnyFiber): void {
    const known = this.known(fiber)
    known.ranAt = -1 - known.ranAt
  }

  private known(fiber: AnyFiber): LiveFiber {
    const dispatcher = fiber.currentDispatcher as LiveFiber
    return dispatcher.list === this ? dispatcher : this.stranger(fiber)
  }

  private stranger(fiber: AnyFiber): LiveFiber {
    const known = this.strangers.get(fiber) ?? this.newcomer()
    this.strangers.set(fiber, known)
    return known
  }

  private add(fiber: AnyFiber): true {
    const known = this.known(fiber)
    const place = this.fibers.length
    if (place === this.places) this.resize(2 * place)
    this.fibers.push(known)
    known.fiber = fiber
    known.ranAt = this.look
    if (place - this.settled >= startsMax) this.settle()
    return true
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

  /** Alive, and not gone to another scheduler. */
  private isHere(place: number): boolean {
    const one = this.fibers[place]!
    return one.isAlive && this.known(one.fiber!) === one
  }

  private move(from: number, to: number): void {
    if (from === to) return
    this.note(from)
    this.copyNote(from, to)
    this.fibers[to] = this.fibers[from]!
  }

  /** Notes when the fiber at the place last ran. */
  private note(place: number): void {
    this.noteLook(place, this.fibers[place]!.look)
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
      .map((one, place) => ({ fiber: one.fiber!, at: this.atOf(place) }))
      .filter(({ at }) => at >= this.sinceMillis)
      .sort((a, b) => b.at - a.at || a.fiber.id - b.fiber.id)
      .map(({ fiber }) => fiber)
  }

  count(): number {
    return this.fibers.filter((_, place) => this.isHere(place)).length
  }

  list(): ReadonlyArray<KnownFiber> {
    return this.fibers
      .map((one, place) => ({
        fiber: one.fiber!,
        resumedAtMillis: this.atOf(place),
        isQueued: one.isQueued
      }))
      .filter((_, place) => this.isHere(place))
      .sort((a, b) => a.fiber.id - b.fiber.id)
  }
}
