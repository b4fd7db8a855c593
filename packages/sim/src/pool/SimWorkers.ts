/** The `WorkerPort` of a world: threads that take virtual time, and crash as the seed has it. */
import type {
  PortAnswer,
  PortLane,
  PortLaneEvents,
  PortLaneRequest,
  PortSeat,
  PortTask,
  PortTaskEnd,
  WorkerPort
} from "@portico/core/port/index"
import type * as Context from "effect/Context"
import { LoopRef } from "../loop/LoopRef.ts"
import type { Prng } from "../Prng.ts"
import type { SimPorts } from "../port/SimPorts.ts"
import { type Strand, StrandKind } from "../loop/Strand.ts"
import type { SimTasks } from "./SimTask.ts"
import { SimWorker } from "./SimWorker.ts"

/** What it takes to start a thread: of the order of what Node needs. */
const startNanos = 20_000_000

export class SimWorkers implements WorkerPort {
  readonly ports: SimPorts
  readonly tasks: SimTasks
  readonly draws: Prng
  readonly references: Context.Context<never>

  constructor(ports: SimPorts, tasks: SimTasks, draws: Prng, references: Context.Context<never>) {
    this.ports = ports
    this.tasks = tasks
    this.draws = draws
    this.references = references
  }

  open(request: PortLaneRequest, events: PortLaneEvents): PortLane {
    return new SimLane(this, request, events)
  }
}

export class SimLane implements PortLane {
  /** In a world the next task can be handed over at no cost. */
  readonly ahead = 0
  readonly shared: SimWorkers
  private readonly sharesMemory: boolean
  private readonly events: PortLaneEvents
  private readonly strand: Strand
  private readonly ref: LoopRef
  private readonly queue = new Set<PortTask>()
  private workers: Array<SimWorker> = []
  private lastNumber = 0

  constructor(shared: SimWorkers, request: PortLaneRequest, events: PortLaneEvents) {
    this.shared = shared
    this.sharesMemory = request.isolation === "threads"
    this.events = events
    this.strand = shared.ports.world.strand(StrandKind.port)
    this.ref = new LoopRef(shared.ports.world)
    this.ref.set(false)
  }

  submit(task: PortTask): void {
    this.queue.add(task)
    this.post(() => this.assign())
  }

  /** In a step of its own: nothing is told from inside of a call. */
  private post(step: () => void): void {
    this.shared.ports.world.post(this.strand, () => this.shared.ports.raise(step))
  }

  private assign(): void {
    for (const task of this.queue) {
      const worker = this.workers.find((one) => one.isFree)
      if (worker === undefined) return
      this.queue.delete(task)
      worker.run(task)
    }
  }

  revoke(task: PortTask): boolean {
    return this.queue.delete(task)
  }

  private runnerOf(task: PortTask): SimWorker | undefined {
    return this.workers.find((one) => one.task === task)
  }

  workerOf(task: PortTask): number {
    return this.runnerOf(task)?.number ?? 0
  }

  cancel(task: PortTask): void {
    const worker = this.runnerOf(task)
    worker?.cancel()
  }

  allow(task: PortTask, count: number): void {
    this.runnerOf(task)?.dialogue?.allow(count)
  }

  answer(task: PortTask, call: number, answer: PortAnswer): void {
    this.runnerOf(task)?.dialogue?.answer(call, answer)
  }

  terminate(task: PortTask): boolean {
    const worker = this.runnerOf(task)
    if (worker === undefined || worker.isOver) return false
    worker.end({ _tag: "Ended" })
    return true
  }

  spawn(seat: PortSeat | undefined): number {
    const worker = new SimWorker(++this.lastNumber, seat, this.sharesMemory, this.shared, {
      onEnded: (task, end, startedNanos) => this.ended(task, end, startedNanos),
      onItem: (task, item) => this.post(() => this.events.onItem(task, item)),
      onCall: (task, call) => this.post(() => this.events.onCall(task, call)),
      onOver: () => this.post(() => this.gone(worker))
    })
    this.workers.push(worker)
    this.shared.ports.world.after(startNanos, this.strand, () =>
      this.shared.ports.raise(() => {
        worker.isReady = true
        this.assign()
      })
    )
    return worker.number
  }

  private ended(task: PortTask, end: PortTaskEnd, startedNanos: number): void {
    const { now } = this.shared.ports.world
    this.post(() => {
      this.assign()
      this.events.onEnded(task, end, startedNanos / 1e6, now / 1e6)
    })
  }

  private gone(worker: SimWorker): void {
    this.workers = this.workers.filter((one) => one !== worker)
    this.events.onWorkerEnded(worker.number, worker.exit!, worker.isReady)
    this.assign()
  }

  retire(evenBusy: boolean): number {
    const staying = this.workers.filter((one) => !one.isLeaving && !one.isOver)
    const idle = staying.find((one) => one.isFree)
    const worker = idle ?? (evenBusy ? staying.at(-1) : undefined)
    worker?.leave()
    return worker?.number ?? 0
  }

  close(): void {
    this.ref.drop()
    for (const worker of this.workers) worker.end({ _tag: "Ended" })
  }

  setRef(isRef: boolean): void {
    this.ref.set(isRef)
  }
}
