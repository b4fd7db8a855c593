/** A world of several hosts with everything in it, and what is known when it halts. */
import type * as Context from "effect/Context"
import { defaultDisk, Disk } from "../disk/Disk.ts"
import type { Inhabitant } from "../explore/Ending.ts"
import { parse } from "../kernel/IpAddress.ts"
import type { IpAddress } from "../kernel/IpAddress.ts"
import { askAll } from "../kernel/KeepAlive.ts"
import type { Leaks, PlacedRest } from "../explore/Leaks.ts"
import { type LinkState, perfect } from "../kernel/Link.ts"
import { Links } from "../kernel/Links.ts"
import { Network } from "../kernel/Network.ts"
import { Site } from "../kernel/Site.ts"
import { referencesOf } from "../Process.ts"
import type { Progress } from "../Sim.ts"
import { SimClock } from "../effect/SimClock.ts"
import { type HaltReason, SimHalt } from "../SimHalt.ts"
import { SimScheduler } from "../effect/SimScheduler.ts"
import { SimZone } from "../port/SimZone.ts"
import { type Exploration, type World } from "../World.ts"
import type { LaunchSite } from "../Launch.ts"
import { toAuthorities, toHost, toWorld } from "../SimOptions.ts"
import { WorldTrace } from "../trace/WorldTrace.ts"
import { guard } from "../escape/Guarded.ts"
import type { Pumped } from "../Pump.ts"
import { Cluster } from "./Cluster.ts"
import { Machine, type MachineParts } from "./Machine.ts"
import { toLatency } from "./NetControl.ts"
import type { WorldOptions } from "./WorldOptions.ts"

export class WorldSimulation implements LaunchSite {
  readonly cluster: Cluster
  /** What runs it: see `guard`. */
  readonly guarded: Pumped
  /** Where the scenario runs. */
  readonly world: World
  /** Effect's own clock, random numbers, scheduler and metrics, of the scenario. */
  readonly references: Context.Context<never>
  readonly network: Network
  readonly machines: Array<Machine> = []
  readonly zone = new SimZone()
  readonly seed: number
  /** The scenario itself opens nothing. */
  readonly hasHandles = false
  readonly trace: WorldTrace | undefined
  private readonly parts: MachineParts

  /** Throws when an option is out of its bound. */
  constructor(options: WorldOptions, exploration?: Exploration, leaks?: Leaks) {
    this.seed = options.seed
    const cluster = (this.cluster = new Cluster(toWorld(options), exploration))
    const world = (this.world = cluster.stage)
    const scheduler = new SimScheduler(world, () => void world.run(Infinity, 0))
    const { choices } = cluster
    const clock = new SimClock(world)
    this.guarded = guard(cluster, options, world, clock)
    this.references = referencesOf(clock, choices.program, scheduler, world.probe)
    const host = toHost(options)
    this.network = new Network(
      cluster.wire,
      new Links(linkOf(options, host.latencyNanos)),
      choices.link
    )
    this.network.links.onChanged = this.changed
    const trace = (this.trace = this.attach(options))
    this.parts = {
      cluster,
      trace,
      leaks,
      seed: options.seed,
      options: host,
      zone: this.zone,
      authorities: toAuthorities(options),
      halt: (reason) => this.halt(reason)
    }
    cluster.onStuck = this.stuck
  }

  // Fields: V8 makes a closure that is assigned as a literal in old space, where it keeps all of
  // the world until a major collection.
  private readonly changed = () => askAll(this.network)
  private readonly stuck = () =>
    this.machines.map((machine) => machine.leaveIfDone()).includes(true)

  private attach({ trace: ring }: WorldOptions): WorldTrace | undefined {
    const { cluster, network, world } = this
    if (ring === undefined) return undefined
    const trace = new WorldTrace(ring, () => cluster.now)
    world.trace = trace.scenario
    cluster.wire.carry = (task) => trace.carry(task)
    network.watch = trace.packet
    return trace
  }

  /** Throws when a name or an address is taken, or is none. */
  addHost(name: string, addresses: ReadonlyArray<string> | undefined): Machine {
    const number = this.machines.length + 1
    if (number > hostsMax) throw new RangeError(`A world has at most ${hostsMax} hosts`)
    if (this.machines.some(({ site }) => site.name === name)) {
      throw new Error(`There is a host of that name: ${name}`)
    }
    const literals = addresses ?? [`10.0.${number >> 8}.${number & 255}`]
    const site = new Site(
      this.network,
      number,
      name,
      literals.map((text) => this.toAddress(text))
    )
    this.network.add(site)
    this.zone.set(name, { addresses: site.addresses.map(({ literal }) => literal) })
    const { cluster } = this
    const disk = new Disk(defaultDisk, () => cluster.now, cluster.choices.disk)
    const machine = new Machine(this.parts, site, disk)
    this.machines.push(machine)
    return machine
  }

  private toAddress(text: string): IpAddress {
    const ip = parse(text)
    if (ip === undefined) throw new RangeError(`A host's address must be an IP literal: ${text}`)
    if (this.network.find(ip) !== undefined) throw new Error(`A host has that address: ${text}`)
    return ip
  }

  /** Ends all faults of these hosts and between them. */
  heal(machines: ReadonlyArray<Machine>): void {
    const numbers = new Set(machines.map(({ site }) => site.number))
    this.network.rules = []
    this.network.links.restore((from, to) => numbers.has(from) && numbers.has(to))
    for (const machine of machines) machine.heal()
    if (numbers.size === this.machines.length) this.cluster.calm()
  }

  get struck(): number {
    const { machines, network } = this
    return machines.reduce(
      (sum, { disk, struck }) => sum + struck + disk.usage().struck,
      network.struck
    )
  }

  progress(): Progress {
    const { hash, now, steps } = this.cluster
    return { nanos: now, steps, hash: hash.value }
  }

  /** Live fibers of all hosts, then those of the scenario. */
  inhabitants(): ReadonlyArray<Inhabitant> {
    const { machines, world } = this
    const outside = world.fibers.alive().map((fiber) => ({ fiber, world, name: undefined }))
    return [...machines.flatMap((machine) => machine.inhabitants()), ...outside]
  }

  /** Of the processes that no program runs in any more. */
  rests(): ReadonlyArray<PlacedRest> {
    return this.machines.flatMap((machine) => machine.rest() ?? [])
  }

  halt(reason: HaltReason): SimHalt {
    const fibers = this.machines.flatMap((machine) => machine.describeFibers())
    return new SimHalt({ reason, seed: this.seed, progress: this.progress(), fibers })
  }
}

const hostsMax = 1000

const linkOf = (options: WorldOptions, loopbackNanos: number) => {
  const loopback = perfect(loopbackNanos)
  const between: LinkState = { ...loopback, ...toLatency(options.network ?? "200 micros") }
  return (from: number, to: number): LinkState => (from === to ? loopback : between)
}
