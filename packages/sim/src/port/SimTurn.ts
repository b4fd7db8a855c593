/** The simulator's turn: a step of the world. */
import { Turn } from "@portico/core/port/index"
import type { World } from "../World.ts"

export const make = (world: World): Turn =>
  new Turn({
    soon: (callback) => world.atStepEnd(callback),
    later: (callback) => world.later(callback)
  })
