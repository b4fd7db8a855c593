/** A lane's port: its shared memory, its workers, and who is told what. */
import {
  type PortAnswer,
  type PortLane,
  type PortLaneEvents,
  type PortLaneRequest,
  type PortSeat,
  type PortTask,
  type PortTaskEnd,
  type PortWorkerExit,
  raise,
  type TurnPort
} from "@portico/core/port/index"
import { NodeHolder, type NodeKeepAlive } from "../loop/NodeKeepAlive.ts"
import {
  at,
  EndKind,
  inSlot,
  LaneMemory,
  slotBytes,
  slotCount,
  SlotState,
  WorkerWord,
  workersMax
} from "./LaneMemory.ts"
import { NodeWorker } from "./NodeWorker.ts"
import { PlainCodec } from "./PlainCodec.ts"
import { TaskNumbers } from "./TaskNumbers.ts"
import type { Notice } from "./WorkerMessages.ts"

/** Enough that two workers with tiny tasks do not wait for the main thread's turn. */
const aheadMax = 126

export class NodeLane implements PortLane {
  private readonly request: PortLaneRequest
  private readonly events: PortLaneEvents
  private readonly turn: TurnPort
  private readonly holder: NodeHolder
  private readonly memory = new LaneMemory()
  private readonly codec = new PlainCodec(this.memory.bytes)
  private readonly numbers = new TaskNumbers()
  private readonly tasks: Array<PortTask | undefined> = Array(slotCount).fill(undefined)
  private readonly free: Array<number> = Array.from({ length: slotCount }, (_, slot) => slot)
  /** Taken back, and still in the queue. */
  private revoked: Array<number> = []
  private readonly workers: Array<NodeWorker | undefined> = Array(workersMax).fill(undefined)
  private lastNumber = 0
  private endedHead = 0
  /** It will look by itself: workers need not tell. */
  private isPolling = false

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

  get ahead(): number {
    if (this.revoked.length > 0) this.sweep()
    return Math.max(0, aheadMax - this.revoked.length)
  }

  // A slot that was taken back is free when a worker has seen it.
  private sweep(): void {
    this.revoked = this.revoked.filter((slot) => {
      if (this.memory.read(slot, inSlot.state) !== SlotState.unused) return true
      this.free.push(slot)
      return false
    })
  }

  submit(task: PortTask): void {
    const { memory } = this
    const slot = this.free.pop()!
    this.tasks[slot] = task
    task.slot = slot
    const number = this.numbers.of(task.task, (fresh, name) => {
      for (const worker of this.workers) worker?.send({ _tag: "Task", number: fresh, name })
    })
    const length =
      task.transfer.length > 0 ? -1 : this.codec.write(task.args, slot * slotBytes, slotBytes)
    memory.write(slot, inSlot.worker, 0)
    memory.write(slot, inSlot.task, number)
    memory.write(slot, inSlot.length, length)
    memory.write(slot, inSlot.isCancelled, 0)
    memory.write(slot, inSlot.credit, task.itemsMax > 0 ? task.itemsMax : -1)
    if (length < 0 && this.assign(slot)) return
    memory.write(slot, inSlot.kind, EndKind.wantsArguments)
    memory.write(slot, inSlot.state, SlotState.queued)
    memory.enqueue(slot)
  }

  /** Gives an idle worker a task with its arguments, so that it need not ask for them. */
  private assign(slot: number): boolean {
    const { memory } = this
    if (memory.length > 0) return false
    memory.write(slot, inSlot.kind, EndKind.isSent)
    memory.write(slot, inSlot.state, SlotState.running)
    for (const worker of this.workers) {
      if (worker === undefined) continue
      memory.write(slot, inSlot.worker, worker.index + 1)
      if (!worker.takes(slot)) continue
      this.sendArguments(slot)
      memory.wakeAll()
      return true
    }
    memory.write(slot, inSlot.worker, 0)
    return false
  }

  revoke(task: PortTask): boolean {
    const { slot } = task
    if (this.tasks[slot] !== task) return false
    const state = this.memory.word(slot, inSlot.state)
    const { queued, revoked } = SlotState
    if (Atomics.compareExchange(this.memory.words, state, queued, revoked) !== queued) return false
    this.tasks[slot] = undefined
    this.revoked.push(slot)
    return true
  }

  workerOf({ slot }: PortTask): number {
    if (slot < 0 || this.memory.read(slot, inSlot.state) !== SlotState.running) return 0
    return this.workers[this.memory.read(slot, inSlot.worker) - 1]?.number ?? 0
  }

  cancel(task: PortTask): void {
    const { slot } = task
    if (this.tasks[slot] !== task) return
    this.memory.write(slot, inSlot.isCancelled, 1)
    // It may wait for room, or for an answer.
    this.allow(task, 1)
    this.runnerOf(slot)?.wake()
  }

  allow(task: PortTask, count: number): void {
    const { slot } = task
    if (this.tasks[slot] !== task || task.itemsMax === 0) return
    const credit = this.memory.word(slot, inSlot.credit)
    Atomics.add(this.memory.words, credit, count)
    Atomics.notify(this.memory.words, credit)
  }

  answer(task: PortTask, call: number, answer: PortAnswer): void {
    const { slot } = task
    if (this.tasks[slot] !== task) return
    try {
      this.runnerOf(slot)?.send({ _tag: "Answer", call, answer })
    } catch {
      this.runnerOf(slot)?.send({ _tag: "Answer", call, answer: { _tag: "NotCloneable" } })
    }
  }

  private runnerOf(slot: number): NodeWorker | undefined {
    return this.workers[this.memory.read(slot, inSlot.worker) - 1]
  }

  terminate(task: PortTask): boolean {
    const { slot } = task
    if (this.tasks[slot] !== task) return false
    const worker = this.workers[this.memory.read(slot, inSlot.worker) - 1]
    return worker?.endFrom(slot + 1) ?? false
  }

  spawn(seat: PortSeat | undefined): number {
    const number = ++this.lastNumber
    const index = this.workers.indexOf(undefined)
    this.workers[index] = new NodeWorker({
      number,
      index,
      seat,
      memory: this.memory,
      request: this.request,
      tasks: this.numbers.names,
      onNotice: this.onNotice,
      onExit: this.onExit
    })
    return number
  }

  retire(evenBusy: boolean): number {
    const staying = this.workers.filter((one) => one !== undefined && !one.isLeaving)
    for (const worker of staying) {
      if (!worker!.endFrom(WorkerWord.free)) continue
      this.memory.wakeAll()
      return worker!.number
    }
    const worker = staying.at(-1)
    if (!evenBusy || worker === undefined) return 0
    worker.retire()
    return worker.number
  }

  close(): void {
    this.holder.set(false)
    for (const worker of this.workers) worker?.end()
  }

  setRef(isRef: boolean): void {
    this.holder.set(isRef)
  }

  private readonly onNotice = (notice: Notice): void =>
    raise(this.turn, () => {
      if (notice !== 0) this.take(notice)
      if (this.isPolling) return
      this.drain()
      this.poll()
    })

  // Node serves up to 1,000 messages of a port in one callback, and no timer meanwhile. So while
  // workers are quick there is one message, then a look in each turn, until there was nothing.
  private poll(): void {
    this.isPolling = true
    setImmediate(this.look)
  }

  private readonly look = (): void => {
    this.isPolling = false
    raise(this.turn, () => {
      if (this.drain()) return this.poll()
      Atomics.store(this.memory.words, at.told, 0)
      // One that ended before that has told nobody.
      if (this.drain()) this.poll()
    })
  }

  private take(notice: Exclude<Notice, 0>): void {
    const { slot } = notice
    const task = this.tasks[slot]
    if ("item" in notice) {
      if (task !== undefined) this.events.onItem(task, notice.item)
    } else if ("call" in notice) {
      if (task !== undefined) this.events.onCall(task, notice)
    } else if ("value" in notice) this.finish(slot, { _tag: "Succeeded", value: notice.value })
    else if ("error" in notice) this.finish(slot, { _tag: "Failed", error: notice.error })
    else if ("notFound" in notice) this.finish(slot, { _tag: "NotFound", problem: notice.notFound })
    else {
      const { notCloneable: what, problem } = notice
      this.finish(slot, { _tag: "NotCloneable", what, problem })
    }
  }

  /** Looks at what has ended; whether there was anything. */
  private drain(): boolean {
    const { memory } = this
    const { words } = memory
    for (let count = 0; ; count++) {
      const place = at.endedRing + (this.endedHead & (slotCount - 1))
      // As many as the lane has slots: those that come meanwhile are for the next turn.
      const entry = count < slotCount ? Atomics.exchange(words, place, 0) : 0
      if (entry === 0) return count > 0
      this.endedHead++
      const slot = entry - 1
      if (memory.read(slot, inSlot.kind) === EndKind.wantsArguments) this.sendArguments(slot)
      else this.finish(slot, { _tag: "Succeeded", value: this.codec.read(slot * slotBytes) })
    }
  }

  private sendArguments(slot: number): void {
    const task = this.tasks[slot]
    const worker = this.workers[this.memory.read(slot, inSlot.worker) - 1]
    // Its worker is gone, and it with it.
    if (task === undefined || worker === undefined) return
    try {
      worker.send({ _tag: "Arguments", args: task.args }, task.transfer)
    } catch (error) {
      // The slot stays the task's until the worker has seen that.
      worker.send({ _tag: "NoArguments", problem: String(error) })
    }
  }

  private finish(slot: number, end: PortTaskEnd): void {
    const task = this.tasks[slot]
    if (task === undefined) return
    const { times } = this.memory
    const started = times[slot * 2]!
    const ended = Math.max(started, times[slot * 2 + 1]!)
    this.tasks[slot] = undefined
    task.slot = -1
    this.memory.write(slot, inSlot.state, SlotState.unused)
    this.free.push(slot)
    this.events.onEnded(task, end, started, ended)
  }

  private readonly onExit = (worker: NodeWorker, exit: PortWorkerExit): void =>
    raise(this.turn, () => {
      while (this.drain());
      if (!this.isPolling) this.poll()
      for (let slot = 0; slot < slotCount; slot++) {
        if (this.tasks[slot] === undefined) continue
        if (this.memory.read(slot, inSlot.worker) !== worker.index + 1) continue
        if (this.memory.read(slot, inSlot.state) !== SlotState.running) continue
        this.finish(slot, { _tag: "WorkerEnded", exit })
      }
      this.workers[worker.index] = undefined
      this.memory.forget(worker.index)
      this.events.onWorkerEnded(worker.number, exit, worker.wasReady)
    })
}
