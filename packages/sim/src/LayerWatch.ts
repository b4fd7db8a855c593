/**
 * Keeps the world of a layer running, and says when its program cannot go on.
 *
 * A layer cannot end its program with a defect, so it reports the halt and interrupts the program.
 */
import type { Console } from "effect/Console"
import type { AnyFiber } from "./Fibers.ts"
import { Pump, type PumpStop } from "./Pump.ts"
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
    if (program === undefined && stop === "idle") return
    // Once for the program, once more if its finalizers cannot go on either.
    if (++this.reports > 2) return
    if (typeof stop === "object") this.output.error(stop.thrown)
    else this.output.error(this.simulation.halt(stop === "idle" ? "deadlock" : stop).message)
    this.simulation.world.allowMore(stepsForFinalizers, nanosForFinalizers)
    program?.interruptUnsafe()
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
