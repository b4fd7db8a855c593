/** A callback in a phase of the loop, as a handle. */
import * as Effect from "effect/Effect"
import type { HandleCounters, Wait } from "../../Handle.ts"
import type { Phase } from "../../Phase.ts"
import type { PhaseHook } from "../../PhaseHook.ts"
import type { PortHook } from "../../port/LoopPort.ts"
import type { Site } from "../../Site.ts"
import { HandleBase, noCounters } from "../HandleBase.ts"
import type { HandleTable } from "../HandleTable.ts"

export class PhaseHookHandle extends HandleBase implements PhaseHook {
  readonly kind = "PhaseHook"
  readonly phase: Phase
  readonly waits: ReadonlyArray<Wait> = []
  private readonly opened: Site
  private readonly port: PortHook

  constructor(table: HandleTable, phase: Phase, port: PortHook, opened: Site) {
    super(table)
    this.phase = phase
    this.port = port
    this.opened = opened
  }

  get close(): Effect.Effect<void> {
    return Effect.uninterruptible(
      Effect.suspend(() => {
        if (this.beginClose()) {
          this.port.remove()
          this.table.reportClosed(this)
        }
        return this.awaitClosed
      })
    )
  }

  get site(): string | undefined {
    return this.opened.text
  }

  get counters(): HandleCounters {
    return noCounters
  }

  protected get addressText(): string {
    return this.phase
  }

  get label(): string {
    return `PhaseHook #${this.id} ${this.phase}`
  }

  protected setRefUnsafe(isRef: boolean): void {
    this.port.setRef(isRef)
  }
}
