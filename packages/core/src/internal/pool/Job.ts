/** A task in its lane, from being asked for to its end. */
import * as Effect from "effect/Effect"
import { PoolError } from "../../PoolError.ts"
import type { OnInterrupt } from "../../PoolOptions.ts"
import type { PoolReason } from "../../PoolReason.ts"
import type { PortTimer } from "../../port/LoopPort.ts"
import type { PortTask } from "../../port/WorkerPort.ts"
import { format } from "../../Task.ts"
import type { Calls } from "./Calls.ts"
import type { Items } from "./Items.ts"

export type Outcome = Effect.Effect<unknown, PoolError>

export class Job implements PortTask {
  slot = -1
  /** `handed`: the port has it, whether it has started or not. */
  place: "waiting" | "handed" | "ended" = "waiting"
  readonly task: { readonly module: string; readonly export: string }
  readonly args: ReadonlyArray<unknown>
  readonly transfer: ReadonlyArray<object>
  readonly fiberId: number
  readonly onInterrupt: OnInterrupt
  readonly graceMillis: number
  readonly waitMaxMillis: number
  readonly sinceMillis: number
  readonly itemsMax: number
  readonly items: Items | undefined
  readonly calls: Calls | undefined
  isCancelled = false
  isAbandoned = false
  /** Its worker is being ended because of it, after so long a grace. */
  terminatedAfterMillis: number | undefined = undefined
  graceTimer: PortTimer | undefined = undefined
  /** When the grace is over, on the loop's clock. */
  graceEndsMillis = Infinity
  outcome: Outcome | undefined = undefined
  observers: Array<(outcome: Outcome) => void> = []

  constructor(
    task: { readonly module: string; readonly export: string },
    args: ReadonlyArray<unknown>,
    settings: JobSettings
  ) {
    this.task = task
    this.args = args
    this.transfer = settings.transfer
    this.fiberId = settings.fiberId
    this.onInterrupt = settings.onInterrupt
    this.graceMillis = settings.graceMillis
    this.waitMaxMillis = settings.waitMaxMillis
    this.sinceMillis = settings.sinceMillis
    this.items = settings.items
    this.itemsMax = settings.itemsMax
    this.calls = settings.calls
  }

  get deadlineMillis(): number {
    return this.sinceMillis + this.waitMaxMillis
  }

  failing(lane: string, reason: PoolReason): Outcome {
    return Effect.fail(new PoolError({ lane, task: format(this.task), reason }))
  }

  end(outcome: Outcome): void {
    this.place = "ended"
    this.graceTimer?.cancel()
    this.outcome = outcome
    this.calls?.end()
    this.items?.end(outcome)
    const { observers } = this
    this.observers = []
    for (const observer of observers) observer(outcome)
  }
}

export interface JobSettings {
  readonly transfer: ReadonlyArray<object>
  readonly fiberId: number
  readonly onInterrupt: OnInterrupt
  readonly graceMillis: number
  readonly waitMaxMillis: number
  readonly sinceMillis: number
  /** 0 without `items`. */
  readonly itemsMax: number
  readonly items: Items | undefined
  readonly calls: Calls | undefined
}
