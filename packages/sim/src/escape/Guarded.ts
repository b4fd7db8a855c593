/**
 * Runs a world with the host's globals behind it, and native promises within it: before time jumps
 * to a timer, every promise that needs nothing but jobs of the host has settled.
 */
import type { GlobalsPort } from "@portico/core/port/index"
import type { Clock } from "effect/Clock"
import { Prng } from "../Prng.ts"
import type { Pumped } from "../Pump.ts"
import type { World } from "../World.ts"
import type { Stop } from "../loop/WorldLoop.ts"
import { type EscapePolicy, Escapes } from "./Escapes.ts"

export interface GuardOptions {
  readonly seed: number
  readonly host?: GlobalsPort | undefined
  readonly escapes?: EscapePolicy | undefined
}

/** A stream of its own: apart from those of `Choices`, and of hosts. */
const escapeStream = 1023

/** `pumped` as it is, if the options name no host. `world` and `clock` are those of no fiber. */
export const guard = (
  pumped: Pumped,
  { escapes = "allow", host, seed }: GuardOptions,
  world: World,
  clock: Clock
): Pumped => {
  if (host === undefined) {
    if (escapes === "allow") return pumped
    throw new RangeError(`To ${escapes} escapes, the simulator has to be told the host's globals`)
  }
  const trips =
    escapes === "allow"
      ? undefined
      : new Escapes(host.globals, escapes === "refuse", world, clock, new Prng(seed, escapeStream))
  return new Guarded(pumped, host, trips)
}

class Guarded implements Pumped {
  private readonly pumped: Pumped
  private readonly host: GlobalsPort
  private readonly escapes: Escapes | undefined

  constructor(pumped: Pumped, host: GlobalsPort, escapes: Escapes | undefined) {
    this.pumped = pumped
    this.host = host
    this.escapes = escapes
  }

  get posted(): number {
    return this.pumped.posted
  }

  get steps(): number {
    return this.pumped.steps
  }

  set onWork(onWork: () => void) {
    this.pumped.onWork = onWork
  }

  end(outlet?: (task: () => void) => void): void {
    this.pumped.end(outlet)
  }

  run(stepsMax: number, timerJumpsMax: number): Stop {
    const { escapes } = this
    escapes?.enter()
    try {
      const stop = this.runDrained(stepsMax, timerJumpsMax)
      if (escapes?.refused !== undefined) throw escapes.refused
      return stop
    } finally {
      escapes?.leave()
    }
  }

  private runDrained(stepsMax: number, jumpsMax: number): Stop {
    const stepsEnd = this.pumped.steps + stepsMax
    for (let jumpsLeft = jumpsMax; ;) {
      const stop = this.pumped.run(stepsEnd - this.pumped.steps, 0)
      if (stop !== "timer" && stop !== "notAlive" && stop !== "stuck") return stop
      const { posted } = this.pumped
      this.host.drainMicrotasks()
      if (this.escapes?.refused !== undefined) return stop
      if (this.pumped.posted !== posted) continue
      if (stop !== "timer" || jumpsLeft-- <= 0) return stop
      // One event may bring about promises, too.
      const next = this.pumped.run(1, 1)
      if (next === "timeLimit" || next === "stepLimit" || next === "over") return next
    }
  }
}
