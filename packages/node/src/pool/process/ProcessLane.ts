/**
 * A lane's port over processes: what crashes natively takes its own process along and no other.
 *
 * Nothing is shared: tasks go one at a time to a process that is free, as messages.
 */
import {
  type PortAnswer,
  type PortLane,
  type PortLaneEvents,
  type PortLaneRequest,
  type PortTask,
  type PortTaskEnd,
  raise,
  type TurnPort
} from "@portico/core/port/index"
import { NodeHolder, type NodeKeepAlive } from "../../loop/NodeKeepAlive.ts"
import { ChildWorker } from "./ChildWorker.ts"

export class ProcessLane implements PortLane {
  /** A message each way is little beside what is worth a process. */
  readonly ahead = 0
  private readonly request: PortLaneRequest
  private readonly events: PortLaneEvents
  private readonly turn: TurnPort
  private readonly holder: NodeHolder
  private readonly queue = new Set<PortTask>()
  private workers: Array<ChildWorker> = []
  private lastNumber = 0

  constructor(
    request: PortLaneRequest,
    events: PortLaneEvents,
    turn: TurnPort,
    keepAlive: NodeKeepAlive
  ) {
    this.request = request
    this.events = events
    this.turn = turn
    this.holder = new NodeHolder(keepAlive)
  }

  submit(task: PortTask): void {
    this.queue.add(task)
    this.assign()
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

  private runnerOf(task: PortTask): ChildWorker | undefined {
    return this.workers.find((one) => one.task === task)
  }

  workerOf(task: PortTask): number {
    return this.runnerOf(task)?.number ?? 0
  }

  cancel(task: PortTask): void {
    this.runnerOf(task)?.cancel()
  }

  allow(task: PortTask, count: number): void {
    this.runnerOf(task)?.allow(count)
  }

  /** Nobody can have called: a process that waits would have to read messages meanwhile. */
  answer(_task: PortTask, _call: number, _answer: PortAnswer): void {}

  terminate(task: PortTask): boolean {
    const worker = this.runnerOf(task)
    worker?.end()
    return worker !== undefined
  }

  spawn(): number {
    const { discardsOutput, heapMaxMiB } = this.request
    const worker = new ChildWorker({
      number: ++this.lastNumber,
      heapMaxMiB,
      discardsOutput,
      onReady: () => raise(this.turn, () => this.assign()),
      onItem: (task, item) => raise(this.turn, () => this.events.onItem(task, item)),
      onEnded: (task, end, startedMillis) => this.ended(task, end, startedMillis),
      onExit: (exit) =>
        raise(this.turn, () => {
          this.workers = this.workers.filter((one) => one !== worker)
          this.events.onWorkerEnded(worker.number, exit, worker.isReady)
        })
    })
    this.workers.push(worker)
    return worker.number
  }

  private ended(task: PortTask, end: PortTaskEnd, startedMillis: number): void {
    raise(this.turn, () => {
      this.assign()
      this.events.onEnded(task, end, startedMillis, performance.now())
    })
  }

  retire(evenBusy: boolean): number {
    const staying = this.workers.filter((one) => !one.isLeaving)
    const idle = staying.find((one) => one.isFree)
    const worker = idle ?? (evenBusy ? staying.at(-1) : undefined)
    worker?.leave()
    return worker?.number ?? 0
  }

  close(): void {
    this.holder.set(false)
    for (const worker of this.workers) worker.end()
  }

  setRef(isRef: boolean): void {
    this.holder.set(isRef)
  }
}
