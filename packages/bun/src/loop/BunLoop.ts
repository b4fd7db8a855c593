/**
 * Bun's event loop, of this thread: Node's, with the same immediates, timers, wake-ups and clock
 * (the tests of `NodeLoop` run on Bun too), and phases of its own.
 */
import type { Phase } from "@portico/core/Phase"
import type { PortHook } from "@portico/core/port/index"
import { NodeLoop } from "@portico/node/loop/NodeLoop"
import * as BunPhases from "./BunPhases.ts"

export class BunLoop extends NodeLoop {
  readonly showsPhases: boolean

  constructor(platform: NodeJS.Platform) {
    super()
    this.showsPhases = BunPhases.isAvailable(platform)
  }

  override hookPhase(phase: Phase, callback: () => void): PortHook | undefined {
    return this.showsPhases ? BunPhases.hook(phase, callback) : undefined
  }
}

let shared: BunLoop | undefined

/** The loop of this thread. */
export const ofThread = (): BunLoop => (shared ??= new BunLoop(process.platform))
