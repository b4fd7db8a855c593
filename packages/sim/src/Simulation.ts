/** One world with everything in it: a host, a process on it, and what is known when it halts. */
import { defaultDisk, Disk } from "./disk/Disk.ts"
import { guard } from "./escape/Guarded.ts"
import { Host } from "./kernel/Host.ts"
import { tcp } from "./kernel/Tcp.ts"
import { SimTasks } from "./pool/SimTask.ts"
import { Process } from "./Process.ts"
import type { Pumped } from "./Pump.ts"
import type { Progress } from "./Sim.ts"
import { type HaltReason, SimHalt } from "./SimHalt.ts"
import { type SimOptions, toAuthorities, toHost, toWorld } from "./SimOptions.ts"
import { SimZone } from "./port/SimZone.ts"
import { watchDisk } from "./trace/DiskTrace.ts"
import { watchLoopback } from "./trace/LoopbackTrace.ts"
import { type Exploration, World } from "./World.ts"

export type { Services } from "./Process.ts"

export class Simulation extends Process {
  /** What runs its world: see `guard`. */
  readonly guarded: Pumped
  private readonly seed: number

  /** Throws when an option is out of its bound. */
  constructor(options: SimOptions, exploration?: Exploration) {
    const world = new World(toWorld(options), exploration)
    const trace = (world.trace = options.trace?.of("host", () => world.now))
    const disk = new Disk(defaultDisk, () => world.now, world.choices.disk)
    disk.log.watch = trace === undefined ? undefined : watchDisk(() => trace)
    const host = new Host(toHost(options), world, world.choices.network, tcp)
    host.watch = trace === undefined ? undefined : watchLoopback(trace, "host")
    super({
      world,
      host,
      disk,
      zone: new SimZone(),
      tasks: new SimTasks(),
      authorities: toAuthorities(options),
      random: world.choices.program,
      progress: () => this.progress(),
      flush: () => void world.run(Infinity, Infinity)
    })
    this.seed = options.seed
    this.guarded = guard(world, options, world, this.clock)
  }

  progress(): Progress {
    return { nanos: this.world.now, steps: this.world.steps, hash: this.world.hash.value }
  }

  halt(reason: HaltReason): SimHalt {
    const fibers = this.describeFibers()
    return new SimHalt({ reason, seed: this.seed, progress: this.progress(), fibers })
  }
}
