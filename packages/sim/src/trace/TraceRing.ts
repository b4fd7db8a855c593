/** The last events of a world, and how they follow from each other. */
import * as Fiber from "effect/Fiber"
import type { Task } from "../Strand.ts"
import type { TraceData, TraceEvent, TraceKind } from "./TraceEvent.ts"
import type { TraceSink } from "./TraceSink.ts"

interface Running {
  readonly number: number
  /** Its last `run`. */
  index: number
}

type AnyFiber = Fiber.Fiber<unknown, unknown>

const noData: TraceData = {}

export class TraceRing implements TraceSink {
  /** Events held, at most; each about 200 bytes. */
  readonly eventsMax: number
  /** Events that ever were. */
  count = 0
  private readonly ring: Array<TraceEvent> = []
  private readonly incarnations = new Map<string, number>()
  private readonly fibers = new WeakMap<object, Running>()
  private now: () => number = () => 0
  /** What the present step follows from. */
  private cause = -1

  constructor(eventsMax = 65_536) {
    if (!Number.isSafeInteger(eventsMax) || eventsMax < 1) {
      throw new RangeError(`A trace must hold a whole number of events, at least 1: ${eventsMax}`)
    }
    this.eventsMax = eventsMax
  }

  /** Events get their time from here: virtual nanoseconds. */
  attach(now: () => number): void {
    this.now = now
  }

  record(kind: TraceKind, host: string, data: TraceData, cause?: number): number {
    const fiber = Fiber.getCurrent() as AnyFiber | undefined
    const running = fiber === undefined ? undefined : this.fibers.get(fiber)
    const index = this.count++
    // A crash belongs to the life that it ends, a restart to the one that it begins.
    const incarnation = this.incarnations.get(host) ?? 0
    if (kind === "crash") this.incarnations.set(host, incarnation + 1)
    this.ring[index % this.eventsMax] = {
      index,
      time: this.now(),
      host,
      incarnation,
      fiber: running?.number ?? 0,
      span: fiber === undefined ? "" : spanOf(fiber),
      kind,
      cause: cause ?? running?.index ?? this.cause,
      data
    }
    return index
  }

  enter(kind: TraceKind, host: string, data: TraceData, cause?: number): number {
    return (this.cause = this.record(kind, host, data, cause))
  }

  runs(host: string, fiber: object, number: number): void {
    const running = this.fibers.get(fiber)
    const index = this.record("run", host, noData, this.cause)
    if (running === undefined) this.fibers.set(fiber, { number, index })
    else running.index = index
  }

  carry(task: Task): Task {
    const { cause } = this
    return () => {
      this.cause = cause
      task()
    }
  }

  /** In their order. A copy. */
  get events(): ReadonlyArray<TraceEvent> {
    const { count, eventsMax, ring } = this
    if (count <= eventsMax) return ring.slice()
    const oldest = count % eventsMax
    return [...ring.slice(oldest), ...ring.slice(0, oldest)]
  }
}

// As core's reports name it.
const spanOf = ({ cache }: AnyFiber): string =>
  (cache.span?._tag === "Span" ? cache.span.name : cache.stackFrame?.name) ?? ""
