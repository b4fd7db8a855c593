/** A wake-up as a handle: what was asked for before the loop gets to it is one. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { HandleCounters, Wait } from "../../Handle.ts"
import type { IoError } from "../../IoError.ts"
import type { PortWakeUp } from "../../port/LoopPort.ts"
import { Reason } from "../../Reason.ts"
import type { Site } from "../../Site.ts"
import { cellBytes, type WakeUp, type WakeUpCell } from "../../WakeUp.ts"
import * as Check from "../Check.ts"
import { HandleBase, noCounters } from "../HandleBase.ts"
import type { HandleTable } from "../HandleTable.ts"

const awaiting = "WakeUp.await"

/** Whoever awaits, from its call until it has taken: nobody else can in between. */
interface Waiter {
  readonly fiberId: number
  readonly resume: (effect: Effect.Effect<number, IoError>) => void
  /** Resumed, and perhaps put off before it has taken. */
  isWoken: boolean
}

export class WakeUpHandle extends HandleBase implements WakeUp {
  readonly kind = "WakeUp"
  private readonly opened: Site
  private readonly port: PortWakeUp
  /** The first word counts the wakes of other threads, the second is 1 once it is closed. */
  private readonly words: Int32Array<SharedArrayBuffer> | undefined
  private counted = 0
  /** Wakes of this thread that the loop did not get to yet. */
  private asked = 0
  /** Wakes that nobody has taken yet. */
  private pending = 0
  private waiter: Waiter | undefined

  constructor(table: HandleTable, opened: Site) {
    super(table)
    this.opened = opened
    const { capabilities, loop } = table.ports
    const cell = capabilities.threads ? new SharedArrayBuffer(cellBytes) : undefined
    this.words = cell === undefined ? undefined : new Int32Array(cell)
    this.port = loop.openWakeUp(cell, () => this.onWake())
  }

  private onWake(): void {
    const { words } = this
    const count = words === undefined ? 0 : Atomics.load(words, 0)
    // The counter wraps around at 2^32; its difference does not.
    this.pending += this.asked + ((count - this.counted) >>> 0)
    this.counted = count
    this.asked = 0
    this.wakeWaiter()
  }

  private wakeWaiter(): void {
    const { waiter } = this
    if (waiter === undefined || waiter.isWoken) return
    if (this.isClosing) this.waiter = undefined
    else if (this.pending === 0) return
    waiter.isWoken = true
    const { turn } = this.table.ports
    turn.enter()
    try {
      waiter.resume(this.isClosing ? this.failing(Reason.Closed()) : this.taken)
    } finally {
      turn.leave()
    }
  }

  private failing(reason: Reason): Effect.Effect<never, IoError> {
    return Effect.fail(this.error(awaiting, reason))
  }

  // Taken and handed over in one operation. Between one that takes and another that gives, the run
  // loop may yield and be interrupted, and what was taken would be lost.
  private readonly taken = Effect.sync(() => {
    const { pending } = this
    this.pending = 0
    this.waiter = undefined
    return pending
  })

  get await(): Effect.Effect<number, IoError> {
    return Effect.callback<number, IoError>((resume) => {
      if (this.isClosing) return resume(this.failing(Reason.Closed()))
      if (this.waiter !== undefined) return resume(this.failing(Reason.Busy()))
      const waiter = { fiberId: Fiber.getCurrent()?.id ?? 0, resume, isWoken: false }
      this.waiter = waiter
      if (this.pending > 0) this.table.ports.loop.soon(() => this.wakeWaiter())
      return Effect.sync(() => {
        if (this.waiter === waiter) this.waiter = undefined
      })
    })
  }

  get wake(): Effect.Effect<void, IoError> {
    return Effect.suspend(() => {
      const refused = this.wakeUnsafe()
      return refused === undefined ? Effect.void : Effect.fail(refused)
    })
  }

  wakeUnsafe(): IoError | undefined {
    if (this.isClosing) return this.error("WakeUp.wake", Reason.Closed())
    if (this.asked++ === 0) this.port.wake()
    return undefined
  }

  get cell(): Effect.Effect<WakeUpCell, IoError> {
    return Effect.suspend(() =>
      this.words === undefined
        ? Check.unsupported("WakeUp.cell", "threads", this.table.ports.name)
        : Effect.succeed(this.words.buffer)
    )
  }

  get close(): Effect.Effect<void> {
    return Effect.uninterruptible(
      Effect.suspend(() => {
        if (this.beginClose()) {
          if (this.words !== undefined) Atomics.store(this.words, 1, 1)
          this.port.close()
          this.wakeWaiter()
          this.table.reportClosed(this)
        }
        return this.awaitClosed
      })
    )
  }

  get waits(): ReadonlyArray<Wait> {
    const { waiter } = this
    return waiter === undefined ? [] : [{ operation: awaiting, fiberId: waiter.fiberId }]
  }

  get site(): string | undefined {
    return this.opened.text
  }

  get counters(): HandleCounters {
    return noCounters
  }

  protected get addressText(): undefined {
    return undefined
  }

  get label(): string {
    return `WakeUp #${this.id}`
  }

  protected setRefUnsafe(isRef: boolean): void {
    this.port.setRef(isRef)
  }
}
