/** A loop whose host is the test: time stands until it is moved, and callbacks wait to be run. */
import type { Phase } from "../../src/Phase.ts"
import type { LoopPort, PortHook, PortTimer, PortWakeUp } from "../../src/port/index.ts"

class ScriptedTimer implements PortTimer {
  isCancelled = false
  isRef = true
  readonly at: number
  readonly callback: () => void

  constructor(at: number, callback: () => void) {
    this.at = at
    this.callback = callback
  }

  cancel(): void {
    this.isCancelled = true
  }

  setRef(isRef: boolean): void {
    this.isRef = isRef
  }
}

class ScriptedHook implements PortHook {
  isRef = true
  isRemoved = false
  readonly callback: () => void

  constructor(callback: () => void) {
    this.callback = callback
  }

  setRef(isRef: boolean): void {
    this.isRef = isRef
  }

  remove(): void {
    this.isRemoved = true
  }
}

type Defer = (callback: () => void) => void

export class ScriptedLoop implements LoopPort {
  millis = 1000
  readonly turns: Array<() => void> = []
  readonly timers: Array<ScriptedTimer> = []
  readonly hooks = new Map<Phase, ScriptedHook>()
  private readonly defer: Defer

  /** `defer` is how the test runs callbacks that the host would run soon. */
  constructor(defer: Defer) {
    this.defer = defer
  }

  armTurn(callback: () => void): void {
    this.turns.push(callback)
  }

  soon(callback: () => void): void {
    this.defer(callback)
  }

  nowMillis(): number {
    return this.millis
  }

  nowNanos(): bigint {
    return BigInt(Math.round(this.millis * 1e6))
  }

  startTimer(millis: number, callback: () => void): PortTimer {
    const timer = new ScriptedTimer(this.millis + millis, callback)
    this.timers.push(timer)
    return timer
  }

  openWakeUp(_: SharedArrayBuffer | undefined, onWake: () => void): PortWakeUp {
    let isOpen = true
    let isAsked = false
    const deliver = (): void => {
      isAsked = false
      if (isOpen) onWake()
    }
    return {
      wake: () => {
        if (!isAsked) this.defer(deliver)
        isAsked = true
      },
      setRef: () => {},
      close: () => {
        isOpen = false
      }
    }
  }

  hookPhase(phase: Phase, callback: () => void): PortHook | undefined {
    if (phase !== "check") return undefined
    const hook = new ScriptedHook(callback)
    this.hooks.set(phase, hook)
    return hook
  }

  utilization(): number | undefined {
    return undefined
  }

  hostResources(): ReadonlyArray<string> {
    return []
  }

  /** Lets time pass and calls the timers that are due, in order. */
  advance(millis: number): void {
    this.millis += millis
    for (const timer of this.timers.filter(({ at }) => at <= this.millis)) {
      this.timers.splice(this.timers.indexOf(timer), 1)
      if (!timer.isCancelled) timer.callback()
    }
  }

  /** Runs the turn that is armed; false when none is. */
  turn(): boolean {
    const callback = this.turns.shift()
    callback?.()
    return callback !== undefined
  }
}
