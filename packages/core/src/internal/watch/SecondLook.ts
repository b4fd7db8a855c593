/**
 * Where to look again, a little after a hint: for hosts that drop a hint when it follows another
 * one of the same name too closely.
 */
import type { LoopTimers } from "../loop/LoopTimers.ts"
import type { PortTimer } from "../../port/LoopPort.ts"
import { PendingLooks } from "./PendingLooks.ts"

export class SecondLook {
  private readonly timers: LoopTimers
  private readonly afterMillis: number
  private readonly onDue: () => void
  /** Hinted at before the timer began. */
  private waiting = new PendingLooks()
  /** Hinted at since: the drop that this is for may come after the timer ends. */
  private later = new PendingLooks()
  private timer: PortTimer | undefined
  private isRef = true

  /** 0: nothing is looked at again. */
  constructor(timers: LoopTimers, afterMillis: number, onDue: () => void) {
    this.timers = timers
    this.afterMillis = afterMillis
    this.onDue = onDue
  }

  addName(directory: string, name: string): void {
    if (this.afterMillis === 0) return
    this.open.addName(directory, name, false)
    this.arm()
  }

  addAll(directory: string): void {
    if (this.afterMillis === 0) return
    this.open.addAll(directory)
    this.arm()
  }

  private get open(): PendingLooks {
    return this.timer === undefined ? this.waiting : this.later
  }

  /** What comes while it runs is due a whole time later: between one and two of them. */
  private arm(): void {
    if (this.timer !== undefined) return
    this.timer = this.timers.start(this.afterMillis, () => {
      this.timer = undefined
      this.onDue()
    })
    if (!this.isRef) this.timer.setRef(false)
  }

  get isDue(): boolean {
    return this.timer !== undefined
  }

  /** Puts what is due with what is to be looked at. */
  moveTo(pending: PendingLooks): void {
    for (const [directory, wanted] of this.waiting.take()) {
      if (wanted === undefined) pending.addAll(directory)
      else for (const name of wanted.keys()) pending.addName(directory, name, false)
    }
    const { later, waiting } = this
    this.waiting = later
    this.later = waiting
    if (!this.waiting.isEmpty) this.arm()
  }

  setRef(isRef: boolean): void {
    this.isRef = isRef
    this.timer?.setRef(isRef)
  }

  close(): void {
    this.timer?.cancel()
    this.timer = undefined
    this.waiting.take()
    this.later.take()
  }
}
