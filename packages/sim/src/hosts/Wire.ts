/** What kernels wait for: packets on their way and TCP's timers, whatever becomes of processes. */
import { EventQueue, type Event } from "../loop/EventQueue.ts"
import type { Timeline } from "../kernel/Host.ts"
import { Strand, type StrandKind, type Task } from "../loop/Strand.ts"

export class Wire implements Timeline {
  private readonly events = new EventQueue()
  /** For whoever keeps a trace: what a task follows from goes along with it. */
  carry: ((task: Task) => Task) | undefined = undefined
  private readonly clock: { readonly now: number }
  private strands = 0

  constructor(clock: { readonly now: number }) {
    this.clock = clock
  }

  get now(): number {
    return this.clock.now
  }

  strand(kind: StrandKind): Strand {
    return new Strand(kind, ++this.strands)
  }

  after(nanos: number, strand: Strand, task: Task): Event {
    const carried = this.carry === undefined ? task : this.carry(task)
    return this.events.add(this.clock.now + nanos, strand, carried)
  }

  cancel(event: Event): void {
    this.events.remove(event)
  }

  /** `Infinity` if there is none. */
  get nextTime(): number {
    return this.events.peek()?.time ?? Infinity
  }

  /** The next event; there must be one. */
  take(): Event {
    const event = this.events.peek()!
    this.events.remove(event)
    return event
  }
}
