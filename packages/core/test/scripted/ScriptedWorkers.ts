/** A worker port whose threads do what the test says, when it says it. */
import type {
  PortLane,
  PortLaneEvents,
  PortLaneRequest,
  PortTask,
  PortTaskEnd,
  PortWorkerExit,
  WorkerPort
} from "../../src/port/index.ts"

export class ScriptedLane implements PortLane {
  ahead = 0
  readonly request: PortLaneRequest
  readonly events: PortLaneEvents
  /** Submitted, and neither started nor taken back. */
  readonly queue: Array<PortTask> = []
  /** Those that run, by their worker. */
  readonly running = new Map<number, PortTask>()
  /** Those that were told to end included. */
  readonly alive = new Set<number>()
  readonly leaving = new Set<number>()
  readonly cancelled: Array<PortTask> = []
  isRef = false
  private lastNumber = 0

  constructor(request: PortLaneRequest, events: PortLaneEvents) {
    this.request = request
    this.events = events
  }

  submit(task: PortTask): void {
    this.queue.push(task)
  }

  revoke(task: PortTask): boolean {
    const place = this.queue.indexOf(task)
    if (place >= 0) this.queue.splice(place, 1)
    return place >= 0
  }

  workerOf(task: PortTask): number {
    for (const [worker, one] of this.running) if (one === task) return worker
    return 0
  }

  cancel(task: PortTask): void {
    this.cancelled.push(task)
  }

  allow(): void {}

  answer(): void {}

  terminate(task: PortTask): boolean {
    const worker = this.workerOf(task)
    if (worker === 0) return false
    this.lose(worker, { _tag: "Ended" })
    return true
  }

  spawn(): number {
    this.alive.add(++this.lastNumber)
    return this.lastNumber
  }

  retire(evenBusy: boolean): number {
    for (const worker of this.alive) {
      if (this.leaving.has(worker) || (this.running.has(worker) && !evenBusy)) continue
      this.leaving.add(worker)
      return worker
    }
    return 0
  }

  close(): void {
    for (const worker of Array.from(this.alive)) this.lose(worker, { _tag: "Ended" })
  }

  setRef(isRef: boolean): void {
    this.isRef = isRef
  }

  /** The first in the queue starts. */
  start(worker: number): PortTask {
    const task = this.queue.shift()!
    this.running.set(worker, task)
    return task
  }

  end(worker: number, end: PortTaskEnd): void {
    const task = this.running.get(worker)!
    this.running.delete(worker)
    this.events.onEnded(task, end, 0, 0)
  }

  succeed(worker: number, value?: unknown): void {
    this.end(worker, { _tag: "Succeeded", value })
  }

  /** The worker is gone, and what it ran with it. */
  lose(worker: number, exit: PortWorkerExit, wasReady = true): void {
    if (this.running.has(worker)) this.end(worker, { _tag: "WorkerEnded", exit })
    this.alive.delete(worker)
    this.leaving.delete(worker)
    this.events.onWorkerEnded(worker, exit, wasReady)
  }
}

export class ScriptedWorkers implements WorkerPort {
  readonly lanes: Array<ScriptedLane> = []

  open(request: PortLaneRequest, events: PortLaneEvents): PortLane {
    const lane = new ScriptedLane(request, events)
    this.lanes.push(lane)
    return lane
  }
}
