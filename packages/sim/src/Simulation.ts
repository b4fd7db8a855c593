/** One world with everything in it: what a program is given, and what is known when it halts. */
import type { BackendPorts } from "@portico/core/Backend"
import * as BackendLayer from "@portico/core/BackendLayer"
import { EventLoop } from "@portico/core/EventLoop"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Random from "effect/Random"
import * as Scheduler from "effect/Scheduler"
import { SimTasks } from "./pool/SimTask.ts"
import { SimWorkers } from "./pool/SimWorkers.ts"
import { arrive } from "./kernel/Delivery.ts"
import { Host } from "./kernel/Host.ts"
import { type Progress, Sim } from "./Sim.ts"
import { capabilities } from "./SimCapabilities.ts"
import { SimClock, toNanos } from "./SimClock.ts"
import { describeFiber, type HaltReason, SimHalt } from "./SimHalt.ts"
import { SimLoop } from "./SimLoop.ts"
import { type SimOptions, toAuthorities, toHost, toWorld } from "./SimOptions.ts"
import { SimPorts } from "./SimPorts.ts"
import { SimResolver } from "./SimResolver.ts"
import { SimRandom } from "./SimRandom.ts"
import { SimScheduler } from "./SimScheduler.ts"
import { SimTcp } from "./SimTcp.ts"
import { SimUdp } from "./SimUdp.ts"
import { SimTls } from "./tls/SimTls.ts"
import * as SimTurn from "./SimTurn.ts"
import { SimZone } from "./SimZone.ts"
import { World } from "./World.ts"
import type { X509Certificate } from "./x509/X509Certificate.ts"

/** What programs find in a world: core's services, and the world itself. */
export type Services = BackendLayer.Services | Sim

export class Simulation {
  readonly world: World
  readonly scheduler: SimScheduler
  /** Effect's own clock, random numbers, scheduler and metrics, of this world. */
  readonly references: Context.Context<never>
  /** To be built once, by a fiber that has the references. */
  readonly services: Layer.Layer<Services>
  private readonly seed: number
  private readonly host: Host
  private readonly clock: SimClock
  private readonly zone = new SimZone()
  private readonly authorities: ReadonlyArray<X509Certificate>
  private readonly tasks = new SimTasks()
  private loop: Context.Service.Shape<typeof EventLoop> | undefined

  /** Throws when an option is out of its bound. */
  constructor(options: SimOptions) {
    this.seed = options.seed
    const world = (this.world = new World(toWorld(options)))
    this.authorities = toAuthorities(options)
    this.host = new Host(toHost(options), world, world.choices.network, arrive)
    this.scheduler = new SimScheduler(world, () => void world.run(Infinity, Infinity))
    this.clock = new SimClock(world)
    this.references = Context.empty().pipe(
      Context.add(Clock.Clock, this.clock),
      // A registry of its own: the process's would keep every world whose program was cut short.
      Context.add(Metric.MetricRegistry, new Map()),
      Context.add(Random.Random, new SimRandom(world.choices.program)),
      Context.add(Scheduler.Scheduler, this.scheduler)
    ) as Context.Context<never>
    const core = BackendLayer.fromPorts(Effect.sync(() => this.makePorts()))
    this.services = Layer.effectContext(
      Effect.map(Layer.build(core), (built) => {
        this.loop = Context.get(built, EventLoop)
        return Context.add(built, Sim, this.makeSim())
      })
    )
  }

  progress(): Progress {
    return { nanos: this.world.now, steps: this.world.steps, hash: this.world.hash.value }
  }

  halt(reason: HaltReason): SimHalt {
    const { loop, world } = this
    const reports = loop === undefined ? [] : Effect.runSync(loop.fibers)
    const fibers = reports.flatMap((report) => {
      const found = world.fibers.find(report.id)
      return found === undefined ? [] : describeFiber(report, found.number, found.waitsFor)
    })
    return new SimHalt({ reason, seed: this.seed, progress: this.progress(), fibers })
  }

  /** Whether anything is open, ref'd or not. */
  get hasHandles(): boolean {
    return this.loop !== undefined && Effect.runSync(this.loop.handles).length > 0
  }

  private makePorts(): BackendPorts {
    const turn = SimTurn.make(this.world)
    const loop = new SimLoop(this.world)
    const shared = new SimPorts(this.world, this.host, turn)
    return {
      name: "sim",
      capabilities,
      turn,
      loop,
      scheduler: this.scheduler,
      clock: this.clock,
      allocate: (bytes) => new Uint8Array(bytes),
      tcp: new SimTcp(shared),
      udp: new SimUdp(shared),
      workers: new SimWorkers(shared, this.tasks, this.world.choices.workers, this.references),
      resolver: new SimResolver(shared, this.zone),
      tls: new SimTls(shared, this.clock, this.authorities)
    }
  }

  private makeSim(): Context.Service.Shape<typeof Sim> {
    const names = this.host.unix
    const { zone } = this
    return {
      setHost: (name, host) =>
        Effect.sync(() => {
          const delayNanos = host.delay === undefined ? 0 : toNanos(host.delay)
          zone.set(name, { addresses: host.addresses, failure: host.failure, delayNanos })
        }),
      setNameServers: (servers) => Effect.sync(() => void (zone.servers = servers)),
      setHostsFile: (text) => Effect.sync(() => void (zone.hosts = text)),
      setTask: (task, model) => Effect.sync(() => this.tasks.set(task, model)),
      setTaskCrashes: (perMille) => Effect.sync(() => void (this.tasks.crashesPerMille = perMille)),
      progress: Effect.sync(() => this.progress()),
      createFolder: (path) => Effect.sync(() => names.createFolder(path)),
      exists: (path) => Effect.sync(() => names.exists(path)),
      remove: (path) => Effect.sync(() => names.remove(path)),
      createFile: (path) => Effect.sync(() => names.createFile(path)),
      createStaleSocket: (path) => Effect.sync(() => names.createStaleSocket(path)),
      socketMode: (path) => Effect.sync(() => names.mode(path))
    }
  }
}
