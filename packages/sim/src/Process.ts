/**
 * A program's process on a host: the services it finds, over the host's kernel and the process's
 * own loop, and what is known of its fibers.
 */
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
import type { Disk } from "./disk/Disk.ts"
import * as SimDisk from "./disk/SimDisk.ts"
import type { Inhabitant } from "./explore/Ending.ts"
import type { AnyFiber } from "./Fibers.ts"
import type { Host } from "./kernel/Host.ts"
import type { SimTasks } from "./pool/SimTask.ts"
import { SimWorkers } from "./pool/SimWorkers.ts"
import { ProbePort } from "./ProbePort.ts"
import type { Prng } from "./Prng.ts"
import { type Progress, Sim } from "./Sim.ts"
import { capabilities } from "./SimCapabilities.ts"
import { SimClock, toNanos } from "./effect/SimClock.ts"
import { describeFiber, nameOf } from "./SimHalt.ts"
import { SimFiles } from "./port/SimFiles.ts"
import { SimWatch } from "./port/SimWatch.ts"
import { SimLoop } from "./port/SimLoop.ts"
import { SimPorts } from "./port/SimPorts.ts"
import { SimRandom } from "./effect/SimRandom.ts"
import { SimResolver } from "./port/SimResolver.ts"
import { SimScheduler } from "./effect/SimScheduler.ts"
import { SimTcp } from "./port/SimTcp.ts"
import * as SimTurn from "./port/SimTurn.ts"
import { SimUdp } from "./port/SimUdp.ts"
import type { SimZone } from "./port/SimZone.ts"
import { SimTls } from "./tls/SimTls.ts"
import type { World } from "./World.ts"
import type { X509Certificate } from "./x509/X509Certificate.ts"

/** What programs find in a world: core's services, and the world itself. */
export type Services = BackendLayer.Services | Sim

/** What a process shares with others: its host, and what is arranged for its programs. */
export interface ProcessParts {
  readonly world: World
  readonly host: Host
  /** The host's, which outlives the process and the host's power. */
  readonly disk: Disk
  readonly zone: SimZone
  readonly tasks: SimTasks
  readonly authorities: ReadonlyArray<X509Certificate>
  /** Its programs' own random numbers. */
  readonly random: Prng
  readonly progress: () => Progress
  /** Runs the process as far as it gets, for `Effect.runSync` in a step of it. */
  readonly flush: () => void
}

export class Process {
  readonly world: World
  readonly scheduler: SimScheduler
  /** Effect's own clock, random numbers, scheduler and metrics, of this process. */
  readonly references: Context.Context<never>
  /** To be built once, by a fiber that has the references. */
  readonly services: Layer.Layer<Services>
  private readonly parts: ProcessParts
  readonly clock: SimClock
  private loop: Context.Service.Shape<typeof EventLoop> | undefined

  constructor(parts: ProcessParts) {
    this.parts = parts
    parts.host.unix.mount(parts.disk)
    const world = (this.world = parts.world)
    this.scheduler = new SimScheduler(world, parts.flush)
    this.clock = new SimClock(world)
    this.references = referencesOf(this.clock, parts.random, this.scheduler, world.probe)
    const core = BackendLayer.fromPorts(Effect.sync(() => this.makePorts()))
    this.services = Layer.effectContext(
      Effect.map(Layer.build(core), (built) => {
        this.loop = Context.get(built, EventLoop)
        return Context.add(built, Sim, this.makeSim())
      })
    )
  }

  /** Whether anything is open, ref'd or not. */
  get hasHandles(): boolean {
    return this.loop !== undefined && Effect.runSync(this.loop.handles).length > 0
  }

  /** Lines on each live fiber that is meant. None when the services were not built yet. */
  describeFibers(isMeant: (fiber: AnyFiber) => boolean = () => true): ReadonlyArray<string> {
    const { loop, world } = this
    const reports = loop === undefined ? [] : Effect.runSync(loop.fibers)
    return reports.flatMap((report) => {
      const found = world.fibers.find(report.id)
      if (found === undefined || !isMeant(found.fiber)) return []
      return describeFiber(report, found.number, found.waitsFor)
    })
  }

  /** Its live fibers. None when the services were not built yet. */
  inhabitants(): ReadonlyArray<Inhabitant> {
    const { loop, world } = this
    const reports = loop === undefined ? [] : Effect.runSync(loop.fibers)
    const spans = new Map(reports.map(({ id, span }) => [id, span] as const))
    return world.fibers.alive().map((fiber) => {
      const name = nameOf(world.fibers.numberOf(fiber), spans.get(fiber.id))
      return { fiber, world, name }
    })
  }

  private makePorts(): BackendPorts {
    const { authorities, disk, host, tasks, world, zone } = this.parts
    const turn = SimTurn.make(world)
    const shared = new SimPorts(world, host, turn)
    return {
      name: "sim",
      capabilities,
      turn,
      loop: new SimLoop(world),
      scheduler: this.scheduler,
      clock: this.clock,
      allocate: (bytes) => new Uint8Array(bytes),
      tcp: new SimTcp(shared),
      udp: new SimUdp(shared),
      files: new SimFiles(shared, disk),
      watch: new SimWatch(shared, disk),
      workers: new SimWorkers(shared, tasks, world.choices.workers, this.references),
      resolver: new SimResolver(shared, zone),
      tls: new SimTls(shared, this.clock, authorities)
    }
  }

  private makeSim(): Context.Service.Shape<typeof Sim> {
    const { disk, host, progress, tasks, zone } = this.parts
    const names = host.unix
    return {
      disk: SimDisk.make(disk),
      setHost: (name, host) =>
        Effect.sync(() => {
          const delayNanos = host.delay === undefined ? 0 : toNanos(host.delay)
          zone.set(name, { addresses: host.addresses, failure: host.failure, delayNanos })
        }),
      setNameServers: (servers) => Effect.sync(() => void (zone.servers = servers)),
      setHostsFile: (text) => Effect.sync(() => void (zone.hosts = text)),
      setTask: (task, model) => Effect.sync(() => tasks.set(task, model)),
      setTaskCrashes: (perMille) => Effect.sync(() => void (tasks.crashesPerMille = perMille)),
      progress: Effect.sync(progress),
      createFolder: (path) => Effect.sync(() => names.createFolder(path)),
      exists: (path) => Effect.sync(() => names.exists(path)),
      remove: (path) => Effect.sync(() => names.remove(path)),
      createFile: (path) => Effect.sync(() => names.createFile(path)),
      createStaleSocket: (path) => Effect.sync(() => names.createStaleSocket(path)),
      socketMode: (path) => Effect.sync(() => names.mode(path))
    }
  }
}

export const referencesOf = (
  clock: SimClock,
  draws: Prng,
  scheduler: SimScheduler,
  probe: ProbePort
): Context.Context<never> =>
  Context.empty().pipe(
    Context.add(Clock.Clock, clock),
    // A registry of its own: the process's would keep every world whose program was cut short.
    Context.add(Metric.MetricRegistry, new Map()),
    Context.add(Random.Random, new SimRandom(draws)),
    Context.add(Scheduler.Scheduler, scheduler),
    Context.add(ProbePort, probe)
  ) as Context.Context<never>
