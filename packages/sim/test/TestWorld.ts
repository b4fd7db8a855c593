/** Worlds without ports or fibers: what runs in them is noted by name. */
import { StrandKind } from "../src/loop/Strand.ts"
import { type Order, World } from "../src/World.ts"

export interface TestWorldOptions {
  readonly seed?: number
  readonly order?: Order
  readonly stepsMax?: number
}

/** A world that is kept alive, as by a handle. */
export const makeWorld = (options: TestWorldOptions = {}): World => {
  const limits = { stepsMax: 1e6, timeMaxNanos: 8.64e15 }
  const world = new World({ seed: 1, order: "fifo", ...limits, ...options })
  world.countRef(1)
  return world
}

/** Runs all there is to run. */
export const runAll = (world: World): ReturnType<World["run"]> => world.run(Infinity, Infinity)

/** What posts a task to each part of the loop, by the name that is noted. */
export const posters = (world: World, note: (name: string) => void) => {
  const strands = {
    pending: world.strand(StrandKind.host),
    packet: world.strand(StrandKind.packet),
    event: world.strand(StrandKind.port),
    turn: world.strand(StrandKind.turn),
    fiber: world.strand(StrandKind.fiber),
    closing: world.strand(StrandKind.closing)
  }
  const post = (name: keyof typeof strands) => world.post(strands[name], () => note(name))
  return {
    post,
    /** Each of them once, and a timer that is due at once, in an order of no meaning. */
    postAll: () => {
      for (const name of ["closing", "fiber", "turn", "event", "packet", "pending"] as const) {
        post(name)
      }
      world.startTimer(0, () => note("timer"))
    }
  }
}
