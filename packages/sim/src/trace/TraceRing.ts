/** The last events of a run, of all its hosts, and how they follow from each other. */
import * as Fiber from "effect/Fiber"
import type { Task } from "../loop/Strand.ts"
import type { TraceData, TraceEvent, TraceKind } from "./TraceEvent.ts"
import type { TraceSink } from "./TraceSink.ts"

type AnyFiber = Fiber.Fiber<unknown, unknown>

interface Running {
  readonly number: number
  /** Its last `run`. */
  index: number
}

const noData: TraceData = {}

export class TraceRing {
  /** Events held, at most; each about 200 bytes. */
  readonly eventsMax: number
  /** Events that ever were. */
  count = 0
  private readonly ring: Array<TraceEvent> = []
  private readonly fibers = new WeakMap<object, Running>()
  /** For what belongs to no host, such as a history: at the time of the host that told last. */
  readonly world: TraceSink
  /** What the present step follows from. */
  private cause = -1
  private latest: () => number = () => 0

  constructor(eventsMax = 65_536) {
    if (!Number.isSafeInteger(eventsMax) || eventsMax < 1) {
      throw new RangeError(`A trace must hold a whole number of events, at least 1: ${eventsMax}`)
    }
    this.eventsMax = eventsMax
    this.world = this.of("", () => this.latest())
    this.latest = () => 0
  }

  /** Where one life of a host tells; `now` is the virtual time in nanoseconds. */
  of(host: string, now: () => number, incarnation = 0): TraceSink {
    this.latest = now
    const record = (kind: TraceKind, data: TraceData, cause?: number): number => {
      const fiber = Fiber.getCurrent() as AnyFiber | undefined
      const running = fiber === undefined ? undefined : this.fibers.get(fiber)
      return this.add({
        index: this.count,
        time: now(),
        host,
        incarnation,
        fiber: running?.number ?? 0,
        span: fiber === undefined ? "" : spanOf(fiber),
        kind,
        cause: cause ?? running?.index ?? this.cause,
        data
      })
    }
    return {
      record,
      enter: (kind, data, cause) => (this.cause = record(kind, data, cause)),
      runs: (fiber, number) => {
        const index = this.count
        this.fibers.set(fiber, { number, index })
        record("run", noData, this.cause)
      },
      carry: (task) => this.carry(task)
    }
  }

  private add(event: TraceEvent): number {
    this.ring[event.index % this.eventsMax] = event
    return this.count++
  }

  private carry(task: Task): Task {
    const { cause } = this
    const fiber = Fiber.getCurrent()
    const running = fiber === undefined ? undefined : this.fibers.get(fiber)
    const from = running?.index ?? cause
    return () => {
      this.cause = from
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
