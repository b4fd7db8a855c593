/** The loop's port over a world. */
import type { LoopPort, PortHook, PortTimer, PortWakeUp } from "@portico/core/port/index"
import type { Phase } from "@portico/core/Phase"
import { LoopRef } from "../loop/LoopRef.ts"
import { type Strand, StrandKind } from "../loop/Strand.ts"
import type { World } from "../World.ts"

const nanosPerMilli = 1_000_000

export class SimLoop implements LoopPort {
  private readonly world: World
  private readonly turns: Strand
  // One strand for all, so that they come in the order of first wakes whatever the order of steps.
  private readonly wakes: Strand

  constructor(world: World) {
    this.world = world
    this.turns = world.strand(StrandKind.turn)
    this.wakes = world.strand(StrandKind.port)
  }

  /** In phase `check`, before the fibers: of the next iteration, if this one is past it. */
  armTurn(callback: () => void): void {
    this.world.post(this.turns, callback)
  }

  /** When the step that runs ends; outside of steps, in the next iteration. */
  soon(callback: () => void): void {
    this.world.atStepEnd(callback)
  }

  nowMillis(): number {
    return this.world.local(this.world.now) / nanosPerMilli
  }

  nowNanos(): bigint {
    return BigInt(this.world.local(this.world.now))
  }

  /** Never early; one of 0 calls back in the next iteration at the earliest. */
  startTimer(millis: number, callback: () => void): PortTimer {
    const { world } = this
    const timer = world.startTimer(world.wait(millis * nanosPerMilli), callback)
    return {
      cancel: () => world.cancelTimer(timer),
      setRef: (isRef) => world.setTimerRef(timer, isRef)
    }
  }

  /** A world has one thread: there is nobody to give `cell` to. */
  openWakeUp(_cell: SharedArrayBuffer | undefined, onWake: () => void): PortWakeUp {
    return new SimWakeUp(this.world, this.wakes, onWake)
  }

  hookPhase(phase: Phase, callback: () => void): PortHook {
    return this.world.hooks.add(phase, callback)
  }

  /** Of virtual time: what its steps took. */
  utilization(): number {
    return this.world.utilization
  }

  hostResources(): ReadonlyArray<string> {
    return []
  }
}

class SimWakeUp implements PortWakeUp {
  private readonly world: World
  private readonly strand: Strand
  private readonly ref: LoopRef
  private readonly onWake: () => void
  private isAwake = false
  private isClosed = false

  constructor(world: World, strand: Strand, onWake: () => void) {
    this.world = world
    this.strand = strand
    this.onWake = onWake
    this.ref = new LoopRef(world)
  }

  wake(): void {
    if (this.isAwake || this.isClosed) return
    this.isAwake = true
    this.world.post(this.strand, () => {
      this.isAwake = false
      if (!this.isClosed) this.onWake()
    })
  }

  setRef(isRef: boolean): void {
    this.ref.set(isRef)
  }

  close(): void {
    this.isClosed = true
    this.ref.drop()
  }
}
