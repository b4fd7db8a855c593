/**
 * Timers over a host's: never early by `nowMillis`, however long, and in order.
 *
 * A host's timer may be early, as its own clock is coarse (libuv's counts whole milliseconds, and
 * is as old as the loop's turn). It is started again for what is left. One that was started later
 * may be on time by then; so whoever is on time first takes along those whose time has come before.
 */
import type { LoopPort, PortTimer } from "../../port/LoopPort.ts"

/** What a host's timer takes; longer ones take several. */
const timerMillisMax = 2 ** 31 - 1

const nothing = (): void => {}

export class LoopTimers {
  private readonly loop: LoopPort
  /** Those that were early, by the end of each; equal ones in the order of their starts. */
  private readonly early: Array<LoopTimer> = []
  private started = 0

  constructor(loop: LoopPort) {
    this.loop = loop
  }

  /**
   * Calls back once, when `millis` have passed by `nowMillis` or later. Ref'd at first.
   *
   * The host is asked for what was asked here: it calls those of one length in order, and what is
   * left after a look at the clock may be less than that by a whole millisecond for some of them.
   */
  start(millis: number, onDue: () => void): LoopTimer {
    const timer = new LoopTimer(this.loop.nowMillis() + millis, ++this.started, onDue)
    this.arm(timer, millis)
    return timer
  }

  /** Starts the host's timer. */
  private arm(timer: LoopTimer, leftMillis: number): void {
    const millis = Math.min(Math.ceil(Math.max(0, leftMillis)), timerMillisMax)
    timer.armed(this.loop.startTimer(millis, () => this.called(timer)))
  }

  private called(timer: LoopTimer): void {
    this.insert(timer)
    const now = this.loop.nowMillis()
    if (timer.endsAtMillis > now) return this.arm(timer, timer.endsAtMillis - now)
    const { early } = this
    let count = 0
    while (count < early.length && early[count]!.endsAtMillis <= now) count++
    const due = early.splice(0, count)
    let begun = 0
    try {
      while (begun < count) due[begun++]!.fire()
    } finally {
      // One that throws is for the host to report, and costs no other its call.
      for (const one of due.slice(begun)) {
        one.isEarly = false
        if (!one.isOver) this.arm(one, 0)
      }
    }
  }

  private insert(timer: LoopTimer): void {
    if (timer.isEarly) return
    timer.isEarly = true
    const { early } = this
    let place = early.length
    while (place > 0 && timer.isBefore(early[place - 1]!)) place--
    early.splice(place, 0, timer)
  }
}

export class LoopTimer implements PortTimer {
  readonly endsAtMillis: number
  /** Its place among all starts. */
  private readonly sequence: number
  /** It stands in the list of those that were called early. */
  isEarly = false
  /** It has fired, or was cancelled. */
  isOver = false
  private onDue: () => void
  private port: PortTimer | undefined
  private isRef = true

  constructor(endsAtMillis: number, sequence: number, onDue: () => void) {
    this.endsAtMillis = endsAtMillis
    this.sequence = sequence
    this.onDue = onDue
  }

  isBefore(other: LoopTimer): boolean {
    const millis = this.endsAtMillis - other.endsAtMillis
    return millis < 0 || (millis === 0 && this.sequence < other.sequence)
  }

  armed(port: PortTimer): void {
    this.port?.cancel()
    this.port = port
    if (!this.isRef) port.setRef(false)
  }

  fire(): void {
    if (this.isOver) return
    const { onDue } = this
    this.cancel()
    onDue()
  }

  // It may go on standing in the list for a while: what it captured does not.
  cancel(): void {
    this.isOver = true
    this.port?.cancel()
    this.port = undefined
    this.onDue = nothing
  }

  setRef(isRef: boolean): void {
    this.isRef = isRef
    this.port?.setRef(isRef)
  }
}
