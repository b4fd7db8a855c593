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
  private readonly waiting = new PendingLooks()
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
    this.waiting.addName(directory, name, false)
    this.arm()
  }

  addAll(directory: string): void {
    if (this.afterMillis === 0) return
    this.waiting.addAll(directory)
    this.arm()
  }

  /** What came while the timer ran is due with it, and looked at once more if that finds news. */
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
  }

  setRef(isRef: boolean): void {
    this.isRef = isRef
    this.timer?.setRef(isRef)
  }

  close(): void {
    this.timer?.cancel()
    this.timer = undefined
    this.waiting.take()
  }
}
