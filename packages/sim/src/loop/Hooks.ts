/**
 * Callbacks in the phases of a world's loop. Each call is a step.
 *
 * They are called once an iteration, when the loop enters their phase, in the order in which they
 * were hooked; not in the phase in which they were, if that is running (as libuv has it).
 */
import type { Phase } from "@portico/core/Phase"
import type { PortHook } from "@portico/core/port/index"
import { LoopRef } from "./LoopRef.ts"
import { type Strand, StrandKind, type Task } from "./Strand.ts"
import type { World } from "../World.ts"

export interface Hook {
  readonly strand: Strand
  readonly callback: Task
  isActive: boolean
}

const none: ReadonlyArray<Hook> = []

export class Hooks {
  /** Those that were not removed. */
  count = 0
  private readonly world: World
  private readonly byPhase: { [P in Phase]: ReadonlyArray<Hook> } = {
    timers: none,
    pending: none,
    idle: none,
    prepare: none,
    poll: none,
    check: none,
    closing: none
  }
  private idleRefs = 0

  constructor(world: World) {
    this.world = world
  }

  /** A ref'd idle hook: there is always something to do, so the loop does not wait. */
  get keepsFromWaiting(): boolean {
    return this.idleRefs > 0
  }

  /** A list that does not change. */
  of(phase: Phase): ReadonlyArray<Hook> {
    return this.byPhase[phase]
  }

  add(phase: Phase, callback: Task): PortHook {
    const { world } = this
    const hook: Hook = { strand: world.strand(StrandKind.hook), callback, isActive: true }
    this.byPhase[phase] = [...this.byPhase[phase], hook]
    this.count++
    const ref = new LoopRef({
      countRef: (by) => {
        if (phase === "idle") this.idleRefs += by
        world.countRef(by)
      }
    })
    return {
      setRef: (isRef) => ref.set(isRef),
      remove: () => {
        if (!hook.isActive) return
        hook.isActive = false
        this.byPhase[phase] = this.byPhase[phase].filter((other) => other !== hook)
        this.count--
        ref.drop()
      }
    }
  }
}
