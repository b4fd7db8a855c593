/**
 * Keeps the world of a layer running, and says when its program cannot go on.
 *
 * A layer cannot end its program with a defect, so it reports the halt and interrupts the program.
 */
import type { Console } from "effect/Console"
import type { AnyFiber } from "./Fibers.ts"
import { Pump, type PumpStop } from "./Pump.ts"
import { reasonOf } from "./SimHalt.ts"
import type { Simulation } from "./Simulation.ts"

// Enough for finalizers after a limit was reached, bounded because they may spin as well.
const stepsForFinalizers = 100_000
const nanosForFinalizers = 60e9

export class LayerWatch {
  private readonly simulation: Simulation
  private readonly builder: AnyFiber
  private readonly output: Console
  private readonly pump: Pump
  private reports = 0

  constructor(simulation: Simulation, builder: AnyFiber, output: Console) {
    this.simulation = simulation
    this.builder = builder
    this.output = output
    this.pump = new Pump(simulation.world, builder.currentDispatcher, (stop) => this.halted(stop))
  }

  // Children of the program outlive the layer: their parent interrupts them when it ends.
  stop(): void {
    this.pump.stop(true)
  }

  private halted(stop: PumpStop): void {
    const program = this.findProgram()
    const isIdle = stop === "notAlive" || stop === "stuck"
    if (stop === "over" || (program === undefined && isIdle)) return
    // Once for the program, once more if its finalizers cannot go on either.
    if (++this.reports > 2) return
    const { simulation } = this
    // Everything open was unref'd, so that the world may end: nothing to complain of.
    if (stop !== "notAlive" || !simulation.hasHandles) this.report(stop)
    simulation.world.allowMore(stepsForFinalizers, nanosForFinalizers)
    program?.interruptUnsafe()
  }

  private report(stop: Exclude<PumpStop, "over">): void {
    const { output, simulation } = this
    output.error(typeof stop === "object" ? stop.thrown : simulation.halt(reasonOf(stop)).message)
  }

  // The fiber that the layer was provided to: the oldest in the world, and older than the fiber
  // that built the layer unless it is the same (layers are also built in children). A fiber that
  // is not on our scheduler now is outside of the layer, say in a finalizer of its own.
  private findProgram(): AnyFiber | undefined {
    const { scheduler, world } = this.simulation
    const inside = world.fibers
      .alive()
      .filter((fiber) => fiber.id <= this.builder.id && fiber.cache.scheduler === scheduler)
    return inside.reduce<AnyFiber | undefined>(
      (oldest, fiber) => (oldest === undefined || fiber.id < oldest.id ? fiber : oldest),
      undefined
    )
  }
}
