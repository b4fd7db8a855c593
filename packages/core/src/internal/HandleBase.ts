/**
 * What every handle does alike: an id, a state, being listed, being ref'd, and closing once.
 */
import * as Effect from "effect/Effect"
import type { Handle, HandleCounters, HandleKind, Wait } from "../Handle.ts"
import * as HandleState from "../HandleState.ts"
import { IoError } from "../IoError.ts"
import type { Reason } from "../Reason.ts"
import type { HandleTable } from "./HandleTable.ts"

/** What only a handle that is being closed needs to remember: thousands are not. */
export interface Closing {
  /** Its place among all closes asked for. */
  readonly sequence: number
  readonly waiters: Array<() => void>
  /** Called when everything that was queued is with the host. */
  drained: (() => void) | undefined
}

/** Of handles that move no bytes. */
export const noCounters: HandleCounters = {
  bytesRead: 0,
  bytesWritten: 0,
  bytesQueued: 0,
  connectionsAccepted: 0
}

export abstract class HandleBase implements Handle {
  abstract readonly kind: HandleKind
  abstract readonly counters: HandleCounters
  abstract readonly waits: ReadonlyArray<Wait>
  /** The address for errors and labels, or undefined when the host no longer knows it. */
  protected abstract readonly addressText: string | undefined
  abstract readonly label: string
  abstract readonly site: string | undefined
  /** Closes, and succeeds when the descriptor is free. Never fails; uninterruptible. */
  abstract readonly close: Effect.Effect<void>
  protected abstract setRefUnsafe(ref: boolean): void

  readonly id: number
  readonly table: HandleTable
  state: HandleState.HandleState = HandleState.initial
  isRef = true
  /** Set when close is asked for. */
  closing: Closing | undefined = undefined
  /** The table's list. */
  previous: HandleBase | undefined = undefined
  next: HandleBase | undefined = undefined

  constructor(table: HandleTable) {
    this.table = table
    this.id = table.add(this)
  }

  get isClosing(): boolean {
    return HandleState.isClosing(this.state)
  }

  /** Moves the state; false when the event changes nothing. */
  move(event: HandleState.HandleEvent): boolean {
    const next = HandleState.next(this.state, event)
    if (next === undefined) return false
    this.state = next
    return true
  }

  error(operation: string, reason: Reason, cause?: unknown): IoError {
    return new IoError({ operation, reason, address: this.addressText, cause })
  }

  /** Whether it keeps the host's loop alive now. */
  get keepsAlive(): boolean {
    return this.isRef
  }

  get ref(): Effect.Effect<void> {
    return Effect.sync(() => this.changeRef(true))
  }

  get unref(): Effect.Effect<void> {
    return Effect.sync(() => this.changeRef(false))
  }

  private changeRef(ref: boolean): void {
    if (this.isRef === ref || this.isClosing) return
    this.isRef = ref
    this.setRefUnsafe(ref)
  }

  /** Takes the step to `Closing`; false when somebody took it before. */
  protected beginClose(): boolean {
    if (!this.move("close")) return false
    this.closing = { sequence: this.table.nextCloseSequence(), waiters: [], drained: undefined }
    return true
  }

  /** Waits for the report that the descriptor is free. */
  protected get awaitClosed(): Effect.Effect<void> {
    return Effect.callback<void>((resume) => {
      if (this.state._tag === "Closed") return resume(Effect.void)
      this.closing!.waiters.push(() => resume(Effect.void))
    })
  }

  /** The table says that the descriptor is free. */
  finishClose(): void {
    this.move("closed")
    this.isRef = false
    for (const wake of this.closing!.waiters.splice(0)) wake()
  }
}
