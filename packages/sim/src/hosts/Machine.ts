/**
 * One host of a world: its place in the network, its disk, and its process, which may end, crash
 * and start anew. A host without power has neither kernel nor process.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import type { CrashMode } from "../disk/crash.ts"
import { fastDisk } from "../disk/Device.ts"
import type { Disk } from "../disk/Disk.ts"
import { Host, type HostOptions } from "../kernel/Host.ts"
import { closeAll } from "../kernel/closeAll.ts"
import type { Site } from "../kernel/Site.ts"
import { tcp } from "../kernel/Tcp.ts"
import { Launch } from "../Launch.ts"
import { LocalTime } from "../LocalTime.ts"
import { SimTasks } from "../pool/SimTask.ts"
import { Prng } from "../Prng.ts"
import { Process, type Services } from "../Process.ts"
import type { HaltReason, SimHalt } from "../SimHalt.ts"
import { SimZone } from "../SimZone.ts"
import { Strand, StrandKind } from "../Strand.ts"
import type { TraceData, TraceKind } from "../trace/TraceEvent.ts"
import type { WorldTrace } from "../trace/WorldTrace.ts"
import type { World } from "../World.ts"
import type { X509Certificate } from "../x509/X509Certificate.ts"
import type { Cluster } from "./Cluster.ts"

/** `off`: without power. `idle`: the kernel runs, and no process. */
export type HostState = "off" | "idle" | "running"

/** What is the same for all hosts of a world. */
export interface MachineParts {
  readonly cluster: Cluster
  readonly seed: number
  readonly options: HostOptions
  readonly zone: SimZone
  readonly authorities: ReadonlyArray<X509Certificate>
  readonly halt: (reason: HaltReason) => SimHalt
  readonly trace: WorldTrace | undefined
}

/** Every program that runs on a host. */
export type Main = () => Effect.Effect<unknown, unknown, Services>

/** What somebody outside waits for; told `undefined` when the process is gone. */
type Waiter<A> = (value: A | undefined) => void

export class Machine {
  readonly site: Site
  readonly disk: Disk
  readonly zone: SimZone
  readonly tasks = new SimTasks()
  /** What its clock shows, whatever process looks. */
  readonly time = new LocalTime()
  /** Processes that ever began here. */
  incarnation = 0
  /** Faults that struck it, its disk's not counted. */
  struck = 0
  private readonly parts: MachineParts
  private process: Process | undefined
  private launch: Launch<unknown, unknown> | undefined
  private context: Context.Context<Services> | undefined
  private main: Main | undefined
  private builtWaiters: Array<Waiter<Context.Context<Services>>> = []
  private exitWaiters: Array<(exit: Exit.Exit<unknown, unknown>) => void> = []
  private goneWaiters = new Set<() => void>()

  constructor(parts: MachineParts, site: Site, disk: Disk) {
    this.parts = parts
    this.site = site
    this.disk = disk
    this.zone = new SimZone(parts.zone)
    disk.log.watch = parts.trace?.disk(site.name)
    this.boot()
  }

  get state(): HostState {
    if (this.site.kernel === undefined) return "off"
    return this.process === undefined ? "idle" : "running"
  }

  get world(): World | undefined {
    return this.process?.world
  }

  private boot(): void {
    const { cluster, options } = this.parts
    const { network } = cluster.choices
    this.site.kernel = new Host(options, cluster.wire, network, tcp, this.site)
  }

  /** Runs `main` in a new process; undefined for one that only others run programs in. */
  start(main: Main | undefined): void {
    if (this.process !== undefined) throw new Error(`${this.site.name} runs already`)
    if (this.site.kernel === undefined) this.boot()
    this.main = main
    this.hasEnded = false
    this.incarnation++
    const process = (this.process = this.makeProcess(this.site.kernel!))
    const program = Effect.scoped(
      Effect.flatMap(Layer.build(process.services), (context) => {
        this.built(context)
        return Effect.provideContext(main === undefined ? Effect.never : main(), context)
      })
    )
    const { references, world } = process
    const site = { references, world, hasHandles: false, halt: this.parts.halt }
    const provided = Effect.provideContext(program, references)
    const launch = new Launch(site, provided, () => this.ended(launch.exit!))
    this.launch = launch
  }

  private makeProcess(host: Host): Process {
    const { authorities, cluster, seed } = this.parts
    const world = cluster.open()
    world.localTime = this.time
    // How the services come up is not the program's, and would be most of the decisions.
    if (world.scheduling !== undefined) world.scheduling.isActive = false
    world.trace = this.parts.trace?.begin(this.site.name, this.incarnation)
    return new Process({
      world,
      host,
      disk: this.disk,
      zone: this.zone,
      tasks: this.tasks,
      authorities,
      random: new Prng(seed, firstStream + this.site.number * streamsPerHost + this.incarnation),
      progress: () => ({ nanos: cluster.now, steps: cluster.steps, hash: cluster.hash.value }),
      flush: () => void world.run(Infinity, 0)
    })
  }

  private built(context: Context.Context<Services>): void {
    this.context = context
    const { scheduling } = this.process!.world
    if (scheduling !== undefined) scheduling.isActive = true
    for (const waiter of this.builtWaiters.splice(0)) waiter(context)
  }

  // The kernel closes what a process leaves open.
  private ended(exit: Exit.Exit<unknown, unknown>): void {
    this.drop()
    this.hasEnded = true
    closeAll(this.site.kernel!)
    for (const waiter of this.exitWaiters.splice(0)) waiter(exit)
  }

  private drop(): void {
    const { launch, process } = this
    if (process === undefined || launch === undefined) return
    this.parts.cluster.close(process.world)
    this.process = this.launch = this.context = undefined
    for (const waiter of this.builtWaiters.splice(0)) waiter(undefined)
    const gone = [...this.goneWaiters]
    this.goneWaiters.clear()
    for (const waiter of gone) waiter()
  }

  /** The process ends where it is, without a finalizer. The kernel closes its descriptors. */
  kill(): void {
    if (this.process === undefined) return
    this.struck++
    this.tell("crash", { kind: "kill" })
    this.drop()
    closeAll(this.site.kernel!)
  }

  /** All that is in memory is gone at once, and nobody is told. */
  powerOff(mode: CrashMode): void {
    const { kernel } = this.site
    if (kernel === undefined) return
    this.struck++
    this.tell("crash", { kind: "power" })
    this.drop()
    kernel.isUp = false
    this.site.kernel = undefined
    this.disk.crash(mode)
  }

  /** Whether there is a program that a restart would run. */
  get hasMain(): boolean {
    return this.main !== undefined
  }

  /** Calls `act` inside the `index`th I/O event from now, from 1. */
  strikeAt(index: number, act: () => void): void {
    this.forgets.push(this.site.io.at(undefined, index, act))
  }
  private forgets: Array<() => void> = []

  /** As if no fault had ever struck it; what it lost is lost. A program that crashed is started. */
  heal(): void {
    for (const forget of this.forgets.splice(0)) forget()
    this.disk.setFaults({})
    this.disk.setSpeed(fastDisk)
    this.time.drift(0, this.parts.cluster.now)
    this.time.offsetNanos = 0
    if (this.world !== undefined && this.world.pausedUntil > this.parts.cluster.now) this.resume()
    if (this.process === undefined && this.main !== undefined && !this.hasEnded) this.restart()
  }
  /** The last program ended by itself. */
  private hasEnded = false

  /** Sets the wall clock, forwards or back. */
  stepClock(nanos: number): void {
    this.struck++
    this.tell("clockStep", { nanos })
    this.time.offsetNanos += nanos
  }

  /** Lets the clock run faster or slower from now on. Sleeps that have begun end as they would. */
  drift(ppm: number): void {
    this.tell("fault", { what: `clock drifts by ${ppm} ppm` })
    this.time.drift(ppm, this.parts.cluster.now)
  }

  /** `restart` in `nanos`, unless something else started a process by then. */
  restartIn(nanos: number): void {
    const { wire } = this.parts.cluster
    wire.after(nanos, this.restarts, () => {
      if (this.process === undefined) this.restart()
    })
  }
  private readonly restarts = new Strand(StrandKind.host, 0)

  /** Starts what was started last in a new process; powered on first if need be. */
  restart(): void {
    this.kill()
    this.start(this.main)
  }

  /** The process does nothing for `nanos`; the kernel goes on. */
  pause(nanos: number): void {
    const { world } = this
    if (world === undefined) return
    this.struck++
    this.tell("pause", nanos === Infinity ? {} : { nanos })
    world.pausedUntil = this.parts.cluster.now + nanos
  }

  resume(): void {
    if (this.world === undefined) return
    this.tell("resume", {})
    this.world.pausedUntil = 0
  }

  private tell(kind: TraceKind, data: TraceData): void {
    this.parts.trace?.of(this.site.name).record(kind, data)
  }

  /** Interrupts the program, as `runMain` does for SIGTERM and SIGINT. */
  interrupt(): void {
    this.tell("signal", { signal: "SIGTERM" })
    this.launch?.interrupt(() => {})
  }

  /** Tells once of the exit of the process, which ends by itself; gives how to forget it. */
  onExit(waiter: (exit: Exit.Exit<unknown, unknown>) => void): () => void {
    this.exitWaiters.push(waiter)
    return () => {
      this.exitWaiters = this.exitWaiters.filter((other) => other !== waiter)
    }
  }

  /**
   * Runs another program in the process, and tells its exit, or `undefined` when the process has
   * gone before. Gives how to interrupt it.
   */
  run<A, E>(
    program: Effect.Effect<A, E, Services>,
    onEnd: (exit: Exit.Exit<A, E> | undefined) => void
  ): (onEnded: () => void) => void {
    let isOver = false
    const finish = (exit: Exit.Exit<A, E> | undefined) => {
      if (isOver) return
      isOver = true
      this.goneWaiters.delete(gone)
      onEnd(exit)
    }
    const gone = () => finish(undefined)
    this.goneWaiters.add(gone)
    let launch: Launch<A, E> | undefined
    const start = (context: Context.Context<Services> | undefined) => {
      if (context === undefined || isOver) return
      const { references, world } = this.process!
      const site = { references, world, hasHandles: false, halt: this.parts.halt }
      const provided = Effect.provideContext(program, Context.merge(references, context))
      launch = new Launch(site, provided, () => finish(launch!.exit!))
    }
    if (this.context === undefined) this.builtWaiters.push(start)
    else start(this.context)
    return (onEnded) => {
      if (isOver || launch === undefined) {
        isOver = true
        return onEnded()
      }
      this.goneWaiters.add(onEnded)
      launch.interrupt(() => this.goneWaiters.delete(onEnded) && onEnded())
    }
  }

  /**
   * A process whose loop has nothing to wait for, but which holds what was unref'd, may leave: it
   * is interrupted, as by the hosts' `runMain`.
   */
  leaveIfDone(): boolean {
    const { launch, main, process } = this
    if (main === undefined || process === undefined || launch === undefined) return false
    if (process.world.isAlive || !process.hasHandles || this.isLeaving === launch) return false
    this.isLeaving = launch
    launch.interrupt(() => {})
    return true
  }
  private isLeaving: Launch<unknown, unknown> | undefined

  /** Lines on each fiber of the process. */
  describeFibers(): ReadonlyArray<string> {
    const lines = this.process?.describeFibers() ?? []
    return lines.map((line) => `${this.site.name}: ${line}`)
  }
}

/** Numbers of random streams: apart from those of `Choices`, and from each other. */
const firstStream = 1024
const streamsPerHost = 65_536
