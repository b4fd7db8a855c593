/** Programs over files in a world, and what tests ask them. */
import { Files, type IoError } from "@portico/core"
import { Sim, SimBackend } from "@portico/sim"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { bytesOf, textOf } from "../disk/TestDisk.ts"

export const run = <A, E>(program: Effect.Effect<A, E, SimBackend.Services>, seed = 1): A => {
  const { exit } = SimBackend.simulate(program, { seed, descriptorsMax: 20 })
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(String(exit))
}

export const disk = Effect.map(Sim.Sim, (sim) => sim.disk)
export const write = (path: string, text: string) => Files.writeFile(path, bytesOf(text))
export const read = (path: string) => Effect.map(Files.readFile(path, { bytesMax: 1e6 }), textOf)
export const reasonOf = <A, R>(failing: Effect.Effect<A, IoError.IoError, R>) =>
  Effect.map(Effect.flip(failing), ({ reason }) => reason._tag)
export const elapsed = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const began = yield* Clock.monotonicTimeNanos
    yield* effect
    return Number((yield* Clock.monotonicTimeNanos) - began)
  })
