/**
 * Node's event loop, of this thread. Bun's is the same but for its phases (`BunLoop`).
 */
// Bun's global of this name lacks `eventLoopUtilization`.
import { performance } from "node:perf_hooks"
import type { Phase } from "@portico/core/Phase"
import type { LoopPort, PortHook, PortTimer, PortWakeUp } from "@portico/core/port/index"
import { NodeKeepAlive } from "./NodeKeepAlive.ts"
import { NodeCheckHook, NodeIdleHook } from "./NodePhaseHook.ts"
import { hostResources } from "./NodeResources.ts"
import { NodeWakeUp } from "./NodeWakeUp.ts"

export class NodeLoop implements LoopPort {
  private readonly keepAlive = new NodeKeepAlive()

  /** Immediates run after the poll phase, so I/O and timers come between two turns. */
  armTurn(callback: () => void): void {
    setImmediate(callback)
  }

  soon(callback: () => void): void {
    queueMicrotask(callback)
  }

  nowMillis(): number {
    return performance.now()
  }

  /**
   * `nowMillis` holds nanoseconds exactly for 104 days, then every second one; `hrtime` counts from
   * another point on Node, so it would be a second clock.
   */
  nowNanos(): bigint {
    return BigInt(Math.round(performance.now() * 1e6))
  }

  /**
   * On Node up to 1 ms early by `nowMillis`: libuv's clock counts whole milliseconds, and a timer
   * that is set at 5.9 ms counts from 5. On Bun never early.
   */
  startTimer(millis: number, callback: () => void): PortTimer {
    return new NodeTimer(setTimeout(callback, millis))
  }

  openWakeUp(cell: SharedArrayBuffer | undefined, onWake: () => void): PortWakeUp {
    return new NodeWakeUp(this.keepAlive, cell, onWake)
  }

  hookPhase(phase: Phase, callback: () => void): PortHook | undefined {
    if (phase === "check") return new NodeCheckHook(this.keepAlive, callback)
    if (phase === "idle") return new NodeIdleHook(callback)
    return undefined
  }

  /** Bun's is all zeros, which is no part of anything. */
  utilization(): number | undefined {
    const { active, idle } = performance.eventLoopUtilization()
    return active + idle > 0 ? active / (active + idle) : undefined
  }

  hostResources(): ReadonlyArray<string> {
    return hostResources()
  }
}

class NodeTimer implements PortTimer {
  private readonly timeout: NodeJS.Timeout

  constructor(timeout: NodeJS.Timeout) {
    this.timeout = timeout
  }

  cancel(): void {
    clearTimeout(this.timeout)
  }

  setRef(isRef: boolean): void {
    if (isRef) this.timeout.ref()
    else this.timeout.unref()
  }
}

let shared: NodeLoop | undefined

/** The loop of this thread. */
export const ofThread = (): NodeLoop => (shared ??= new NodeLoop())
