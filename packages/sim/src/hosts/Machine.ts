/**
 * One host of a world: its place in the network, its disk, and its process, which may end, crash
 * and start anew. A host without power has neither kernel nor process.
 */
import type * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { CrashMode } from "../disk/crash.ts"
import { fastDisk } from "../disk/Device.ts"
import type { Disk } from "../disk/Disk.ts"
import type { Inhabitant } from "../explore/Ending.ts"
import type { Leaks, PlacedRest } from "../explore/Leaks.ts"
import { askAll } from "../kernel/KeepAlive.ts"
import { Host, type HostOptions } from "../kernel/Host.ts"
import { closeAll } from "../kernel/closeAll.ts"
import type { Site } from "../kernel/Site.ts"
import { tcp } from "../kernel/Tcp.ts"
import { LocalTime } from "../loop/LocalTime.ts"
import { SimTasks } from "../pool/SimTask.ts"
import { Prng } from "../Prng.ts"
import { Process, type Services } from "../Process.ts"
import type { HaltReason, SimHalt } from "../SimHalt.ts"
import { SimZone } from "../port/SimZone.ts"
import { Strand, StrandKind } from "../loop/Strand.ts"
import type { TraceData, TraceKind } from "../trace/TraceEvent.ts"
import type { WorldTrace } from "../trace/WorldTrace.ts"
import type { World } from "../World.ts"
import type { X509Certificate } from "../x509/X509Certificate.ts"
import type { Cluster } from "./Cluster.ts"
import { Incarnation, type Main } from "./Incarnation.ts"

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
  /** Told of what programs leave over; undefined when they may. */
  readonly leaks: Leaks | undefined
}

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
  private current: Incarnation | undefined
  private main: Main | undefined
  /** The last program ended by itself. */
  private hasEnded = false
  private exitWaiters: ReadonlyArray<(exit: Exit.Exit<unknown, unknown>) => void> = []
  private forgets: Array<() => void> = []
  private readonly restarts = new Strand(StrandKind.host, 0)
  private readonly clock = () => this.time.local(this.parts.cluster.now) + this.time.offsetNanos

  constructor(parts: MachineParts, site: Site, disk: Disk) {
    this.parts = parts
    this.site = site
    this.disk = disk
    this.zone = new SimZone(parts.zone)
    disk.clock = this.clock
    disk.log.watch = parts.trace?.disk(site.name)
    this.boot()
  }

  get state(): HostState {
    if (this.site.kernel === undefined) return "off"
    return this.current === undefined ? "idle" : "running"
  }

  get world(): World | undefined {
    return this.current?.world
  }

  private boot(): void {
    const { cluster, options } = this.parts
    const { network } = cluster.choices
    this.site.kernel = new Host(options, cluster.wire, network, tcp, this.site)
  }

  /** Runs `main` in a new process; undefined for one that only others run programs in. */
  start(main: Main | undefined): void {
    if (this.current !== undefined) throw new Error(`${this.site.name} runs already`)
    if (this.site.kernel === undefined) this.boot()
    this.main = main
    this.hasEnded = false
    this.incarnation++
    const image = this.makeProcess(this.site.kernel!)
    const watched = main === undefined ? undefined : this.watch(main, image)
    this.current = new Incarnation(image, watched, this.parts.halt, (exit) => this.ended(exit))
  }

  private watch(main: Main, image: Process): Main {
    const { leaks } = this.parts
    return leaks === undefined ? main : () => leaks.watch(main(), image, this.place)
  }

  private get place(): string {
    return `${this.site.name}, process ${this.incarnation}: `
  }

  /** What is left in a process that no program runs in; undefined if there is none such. */
  rest(): PlacedRest | undefined {
    const { now } = this.parts.cluster
    const rest = this.current?.rest
    const isPaused = (this.world?.pausedUntil ?? 0) > now
    this.world?.catchUp(now)
    return rest === undefined || isPaused ? undefined : { rest, place: this.place }
  }

  private makeProcess(host: Host): Process {
    const { disk, incarnation, site, tasks, zone } = this
    const { authorities, cluster, seed, trace } = this.parts
    const world = cluster.open()
    world.localTime = this.time
    world.trace = trace?.begin(site.name, incarnation)
    return new Process({
      world,
      host,
      disk,
      zone,
      tasks,
      authorities,
      random: new Prng(seed, firstStream + site.number * streamsPerHost + incarnation),
      progress: () => ({ nanos: cluster.now, steps: cluster.steps, hash: cluster.hash.value }),
      flush: () => void world.run(Infinity, 0)
    })
  }

  // The kernel closes what a process leaves open.
  private ended(exit: Exit.Exit<unknown, unknown>): void {
    this.drop()
    this.hasEnded = true
    closeAll(this.site.kernel!)
    const waiters = this.exitWaiters
    this.exitWaiters = []
    for (const waiter of waiters) waiter(exit)
  }

  private drop(): void {
    const { current } = this
    if (current === undefined) return
    this.parts.cluster.close(current.world)
    this.current = undefined
    current.gone()
  }

  /** The process ends where it is, without a finalizer. The kernel closes its descriptors. */
  kill(): void {
    if (this.current === undefined) return
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
    askAll(this.site.network)
  }

  /** Calls `act` inside the `index`th I/O event from now, from 1. */
  strikeAt(index: number, act: () => void): void {
    this.forgets.push(this.site.io.at(undefined, index, act))
  }

  /** As if no fault had ever struck it; what it lost is lost. A program that crashed is started. */
  heal(): void {
    for (const forget of this.forgets.splice(0)) forget()
    this.site.shortReads = 0
    this.zone.faults = undefined
    this.disk.setFaults({})
    this.disk.setSpeed(fastDisk)
    this.time.drift(0, this.parts.cluster.now)
    this.time.offsetNanos = 0
    if (this.world !== undefined && this.world.pausedUntil > this.parts.cluster.now) this.resume()
    if (this.current === undefined && this.main !== undefined && !this.hasEnded) this.restart()
  }

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
      if (this.current === undefined) this.restart()
    })
  }

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
    this.current?.interrupt()
  }

  /** Tells once of the exit of the process, which ends by itself; gives how to forget it. */
  onExit(waiter: (exit: Exit.Exit<unknown, unknown>) => void): () => void {
    this.exitWaiters = [...this.exitWaiters, waiter]
    return () => {
      this.exitWaiters = this.exitWaiters.filter((other) => other !== waiter)
    }
  }

  /** See `Incarnation.run`. A process that nothing else runs in is started if there is none. */
  run<A, E>(
    program: Effect.Effect<A, E, Services>,
    onEnd: (exit: Exit.Exit<A, E> | undefined) => void
  ): (onEnded: () => void) => void {
    if (this.current === undefined) this.start(undefined)
    return this.current!.run(program, onEnd)
  }

  /** See `Incarnation.leaveIfDone`. */
  leaveIfDone(): boolean {
    return this.current?.leaveIfDone() ?? false
  }

  /** Live fibers of the process. */
  inhabitants(): ReadonlyArray<Inhabitant> {
    const inhabitants = this.current?.image.inhabitants() ?? []
    return inhabitants.map((one) => ({ ...one, name: `${this.site.name}: ${one.name}` }))
  }

  /** Lines on each fiber of the process. */
  describeFibers(): ReadonlyArray<string> {
    // Its loop may have waited for long; how long the fibers did is by its clock.
    this.world?.catchUp(this.parts.cluster.now)
    const lines = this.current?.image.describeFibers() ?? []
    return lines.map((line) => `${this.site.name}: ${line}`)
  }
}

/** Numbers of random streams: apart from those of `Choices`, and from each other. */
const firstStream = 1024
const streamsPerHost = 65_536
