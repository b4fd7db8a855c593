/// <reference lib="es2024.sharedmemory" />
/**
 * A lane's worker, inside its thread: takes tasks out of the shared queue, runs them, and says how
 * they ended.
 *
 * While it has nothing to do it looks for a moment (`Spinner`), then sits in `Atomics.wait`;
 * after a few milliseconds it lets its event loop run, which whatever a task left behind may need.
 */
import * as CancelFlag from "@portico/core/CancelFlag"
import * as LoopCall from "@portico/core/LoopCall"
import * as ThreadSeat from "@portico/core/sync/ThreadSeat"
import { availableParallelism } from "node:os"
import { MessageChannel, workerData } from "node:worker_threads"
import { at, EndKind, inSlot, LaneMemory, slotBytes, SlotState, WorkerWord } from "./LaneMemory.ts"
import { PlainCodec } from "./PlainCodec.ts"
import { Spinner } from "./Spinner.ts"
import { giveItems } from "./TaskItems.ts"
import { Tasks } from "./Tasks.ts"
import { report, type TaskEnd } from "./TaskReport.ts"
import type { WorkerStart } from "./WorkerMessages.ts"

/** How long it sits before its event loop runs. */
const sitMillis = 5
/** How long it works before its event loop runs: output that tasks wrote leaves then. */
const workMillis = 8

type TaskFunction = (...args: ReadonlyArray<unknown>) => unknown

export class WorkerThread {
  private readonly start: WorkerStart
  private readonly memory: LaneMemory
  private readonly words: Int32Array<SharedArrayBuffer>
  private readonly codec: PlainCodec
  private readonly tasks: Tasks
  private readonly spinner: Spinner
  private readonly word: number
  /** What is to be added to this thread's clock to have the main thread's. */
  private readonly clockMillis: number
  // Keeps the thread alive while it waits without sitting.
  private readonly channel = new MessageChannel()
  private slot = -1
  private workingSince = 0
  private lastCall = 0

  constructor(start: WorkerStart) {
    this.start = start
    this.memory = new LaneMemory(start.memory)
    this.words = this.memory.words
    this.codec = new PlainCodec(this.memory.bytes)
    this.tasks = new Tasks(start, this.words)
    this.spinner = new Spinner(this.memory, start.index, availableParallelism())
    this.word = at.worker + start.index
    this.clockMillis = performance.timeOrigin - start.timeOrigin
  }

  begin(): void {
    this.channel.port1.ref()
    CancelFlag.useUnsafe(
      () => this.slot >= 0 && this.memory.read(this.slot, inSlot.isCancelled) === 1
    )
    LoopCall.useUnsafe((name, args) => this.ask(name, args))
    const { seat } = this.start
    if (seat !== undefined) ThreadSeat.sit(seat, () => performance.now())
    if (this.moves(WorkerWord.starting, WorkerWord.free)) this.serve()
  }

  private now(): number {
    return performance.now() + this.clockMillis
  }

  private moves(from: number, to: number): boolean {
    return Atomics.compareExchange(this.words, this.word, from, to) === from
  }

  /** Runs whatever there is, then waits. Comes back when a promise or the event loop is next. */
  private readonly serve = (): void => {
    this.workingSince = performance.now()
    for (;;) {
      const signal = Atomics.load(this.words, at.signal)
      if (!this.moves(WorkerWord.free, WorkerWord.looking)) {
        // It was given a task meanwhile, or is being ended.
        const slot = Atomics.load(this.words, this.word) - 1
        if (slot < 0 || !this.runGiven(slot)) return
      }
      if (!this.work()) return
      if (!this.moves(WorkerWord.looking, WorkerWord.free) || this.isRetired()) return
      if (this.spinner.look(signal)) continue
      if (Atomics.wait(this.words, at.signal, signal, sitMillis) !== "timed-out") continue
      const told = Atomics.waitAsync(this.words, at.signal, signal)
      if (told.async) void told.value.then(this.serve)
      else setImmediate(this.serve)
      return
    }
  }

  private isRetired(): boolean {
    if (Atomics.load(this.words, at.retire + this.start.index) === 0) return false
    process.exit(0)
  }

  /** Runs tasks until there are none (true), or it has to come back later. */
  private work(): boolean {
    for (;;) {
      this.isRetired()
      const slot = this.memory.dequeue()
      if (slot === -1) return true
      if (!this.claim(slot)) continue
      if (!this.run(slot)) return false
      if (performance.now() - this.workingSince < workMillis) continue
      this.moves(WorkerWord.looking, WorkerWord.free)
      setImmediate(this.serve)
      return false
    }
  }

  private runGiven(slot: number): boolean {
    this.slot = slot
    this.memory.times[slot * 2] = this.now()
    return this.run(slot)
  }

  private claim(slot: number): boolean {
    const { memory, words } = this
    memory.write(slot, inSlot.worker, this.start.index + 1)
    const state = memory.word(slot, inSlot.state)
    const { queued, revoked, running, unused } = SlotState
    if (Atomics.compareExchange(words, state, queued, running) === revoked) {
      memory.write(slot, inSlot.worker, 0)
      Atomics.store(words, state, unused)
      return false
    }
    Atomics.store(words, this.word, slot + 1)
    this.slot = slot
    memory.times[slot * 2] = this.now()
    return true
  }

  /** False when it goes on later. */
  private run(slot: number): boolean {
    const { memory, tasks } = this
    const found = tasks.find(memory.read(slot, inSlot.task))
    if (typeof found === "function") return this.call(slot, found as TaskFunction)
    void found.then(
      (loaded) => this.later(() => this.call(slot, loaded as TaskFunction)),
      (problem: unknown) => this.later(() => this.notFound(slot, String(problem)))
    )
    return false
  }

  /** `step` gives whether the task has ended. */
  private later(step: () => boolean): void {
    if (!step()) return
    this.moves(WorkerWord.looking, WorkerWord.free)
    this.serve()
  }

  private call(slot: number, task: TaskFunction): boolean {
    const { memory } = this
    let args: ReadonlyArray<unknown>
    if (memory.read(slot, inSlot.length) < 0) {
      const order = this.askForArguments(slot)
      if (order._tag === "NoArguments") {
        return this.end(slot, { _tag: "NotSent", what: "arguments", problem: order.problem })
      }
      args = order.args
    } else args = this.codec.read(slot * slotBytes) as ReadonlyArray<unknown>
    let result: unknown
    try {
      result = task(...args)
    } catch (error) {
      return this.end(slot, { _tag: "Failed", error })
    }
    const isStream = memory.read(slot, inSlot.credit) >= 0
    if (!isThenable(result)) {
      return isStream ? this.giveItems(slot, result) : this.succeed(slot, result)
    }
    result.then(
      (value) =>
        this.later(() => (isStream ? this.giveItems(slot, value) : this.succeed(slot, value))),
      (error: unknown) => this.later(() => this.end(slot, { _tag: "Failed", error }))
    )
    return false
  }

  private succeed(slot: number, value: unknown): boolean {
    return this.end(slot, { _tag: "Succeeded", value })
  }

  private giveItems(slot: number, iterable: unknown): boolean {
    const ended = giveItems(this.memory, slot, iterable, this.start.port)
    if (!isThenable(ended)) return this.end(slot, ended)
    void ended.then((end) => this.later(() => this.end(slot, end)))
    return false
  }

  /** Blocks until the loop has answered. */
  private ask(name: string, args: ReadonlyArray<unknown>): unknown {
    const { slot } = this
    if (slot < 0) throw new LoopCall.LoopCallError(name, "Unsupported")
    const call = ++this.lastCall
    try {
      this.start.port.postMessage({ slot, call, name, args })
    } catch {
      throw new LoopCall.LoopCallError(name, "NotCloneable")
    }
    const answer = this.tasks.awaitAnswer(call, CancelFlag.isCancelled)
    if (answer === undefined) throw new LoopCall.LoopCallError(name, "Cancelled")
    if (answer._tag === "Answered") return answer.value
    const error = answer._tag === "Failed" ? answer.error : undefined
    throw new LoopCall.LoopCallError(name, answer._tag, error)
  }

  /** Arguments that were sent unasked must not be taken for the next task's. */
  private notFound(slot: number, problem: string): boolean {
    if (this.memory.read(slot, inSlot.kind) === EndKind.isSent) this.tasks.awaitArguments()
    return this.end(slot, { _tag: "NotFound", problem })
  }

  private askForArguments(slot: number): ReturnType<Tasks["awaitArguments"]> {
    const { memory, start } = this
    const isSent = memory.read(slot, inSlot.kind) === EndKind.isSent
    if (!isSent && memory.reportEnded(slot)) start.port.postMessage(0)
    return this.tasks.awaitArguments()
  }

  /** True when the worker may take the next; false when it is being ended. */
  private end(slot: number, end: TaskEnd): boolean {
    const { memory } = this
    this.slot = -1
    ThreadSeat.endTaskUnsafe()
    memory.times[slot * 2 + 1] = this.now()
    // From here on this task is not a reason any more to end the thread; or it was, and then the
    // main thread tells how the task ended.
    if (!this.moves(slot + 1, WorkerWord.looking)) return false
    report(memory, this.codec, slot, end, this.start.port)
    return true
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && "then" in value && typeof value.then === "function"

/** Called in the thread. */
export const start = (): void => new WorkerThread(workerData as WorkerStart).begin()
