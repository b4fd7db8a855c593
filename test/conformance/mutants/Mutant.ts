/** A backend with one bug, and the law that has to notice. */
import type { LoopPort, PortHook, PortWakeUp, StreamPort } from "@portico/core/port"
import type { Phase } from "@portico/core/Phase"
import { FaultyPorts } from "@portico/testkit"
import * as Effect from "effect/Effect"

export type Loop = FaultyPorts.Loop

export interface Mutant {
  /** What it does wrong, as a verb phrase. */
  readonly name: string
  readonly caughtBy: string
  readonly change: FaultyPorts.PortChange
  /** What core does wrong, where no port could: how its loop differs. */
  readonly changeLoop?: ((loop: Loop) => Loop) | undefined
}

export type Changes = Pick<Mutant, "change" | "changeLoop">

/** Runs a law on the mutant. */
export const mutating = <A, E, R>({ change, changeLoop }: Changes, law: Effect.Effect<A, E, R>) => {
  const { LoopChange, withPorts } = FaultyPorts
  const mutated = withPorts(change, law)
  return changeLoop === undefined ? mutated : Effect.provideService(mutated, LoopChange, changeLoop)
}

export const { overriding } = FaultyPorts

/** A mutant whose streams differ in what `changes` says. */
export const streamMutant = (
  name: string,
  caughtBy: string,
  changes: (stream: StreamPort) => Partial<StreamPort>
): Mutant => ({
  name,
  caughtBy,
  change: FaultyPorts.changingStreams((stream) => overriding(stream, changes(stream)))
})

/** A mutant whose loop port differs in what `changes` says. */
export const loopMutant = (
  name: string,
  caughtBy: string,
  changes: (loop: LoopPort) => Partial<LoopPort>
): Mutant => ({
  name,
  caughtBy,
  change: (ports) => ({ ...ports, loop: overriding(ports.loop, changes(ports.loop)) })
})

/** A mutant whose wake-ups differ. `number` counts them. */
export const wakeUpMutant = (
  name: string,
  caughtBy: string,
  changes: (wakeUp: PortWakeUp, onWake: () => void, number: number) => Partial<PortWakeUp>
): Mutant =>
  loopMutant(name, caughtBy, (loop) => {
    let opened = 0
    return {
      openWakeUp: (cell, onWake) => {
        const wakeUp = loop.openWakeUp(cell, onWake)
        return overriding(wakeUp, changes(wakeUp, onWake, opened++))
      }
    }
  })

/** A mutant that hooks phases in another way. */
export const hookMutant = (
  name: string,
  caughtBy: string,
  hook: (loop: LoopPort, phase: Phase, callback: () => void) => PortHook | undefined
): Mutant =>
  loopMutant(name, caughtBy, (loop) => ({
    hookPhase: (phase, callback) => hook(loop, phase, callback)
  }))

/** A mutant of core's loop over good ports. */
export const coreMutant = (
  name: string,
  caughtBy: string,
  changes: (loop: Loop) => Partial<Loop>
): Mutant => ({
  name,
  caughtBy,
  change: (ports) => ports,
  changeLoop: (loop) => overriding(loop, changes(loop))
})
