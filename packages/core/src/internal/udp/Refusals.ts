/**
 * What ICMP answered to datagrams of one socket: all are counted, and on a connected socket one is
 * kept until an operation is told, as the kernel's `sk_err` is.
 */
import type { PortFailure } from "../../port/PortFailure.ts"

export class Refusals {
  count = 0
  private untold: PortFailure | undefined = undefined

  get isUntold(): boolean {
    return this.untold !== undefined
  }

  keep(failure: PortFailure): void {
    this.untold = failure
  }

  /** What was untold is told by whoever takes it. */
  take(): PortFailure | undefined {
    const { untold } = this
    this.untold = undefined
    return untold
  }
}
