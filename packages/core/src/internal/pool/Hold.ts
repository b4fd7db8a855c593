/** Who wants a token for work of this thread (`PoolLane.hold`). */
import type { PoolReason } from "../../PoolReason.ts"

export class Hold {
  readonly fiberId: number
  readonly sinceMillis: number
  readonly waitMaxMillis: number
  /** Called when it has its token; never while it is being made. */
  onGranted: () => void = () => {}
  onRefused: (reason: PoolReason) => void = () => {}
  place: "waiting" | "holding" | "ended" = "waiting"

  constructor(fiberId: number, sinceMillis: number, waitMaxMillis: number) {
    this.fiberId = fiberId
    this.sinceMillis = sinceMillis
    this.waitMaxMillis = waitMaxMillis
  }

  get deadlineMillis(): number {
    return this.sinceMillis + this.waitMaxMillis
  }
}
