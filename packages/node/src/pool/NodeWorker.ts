/** One worker of a lane, from the main thread. */
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  type Transferable,
  Worker
} from "node:worker_threads"
import type { PortLaneRequest, PortSeat, PortWorkerExit } from "@portico/core/port/index"
import { at, type LaneMemory, WorkerWord } from "./LaneMemory.ts"
import * as LaneThreads from "./LaneThreads.ts"
import type { Notice, Order, TaskName, WorkerStart } from "./WorkerMessages.ts"

// The name that this file has itself, in the sources or in what was made of them.
const threadModule = new URL(
  import.meta.url.endsWith(".ts") ? "./WorkerThread.ts" : "./WorkerThread.js",
  import.meta.url
)

// A module that does something when it is imported would do it wherever it is imported.
const program = `import(${JSON.stringify(threadModule.href)}).then((thread) => thread.start())`

/**
 * How long the host may take to end a thread. It cannot end one that stands in a system call, and
 * Node 26 has been seen not to end one that is busy with its heap's limit (a loop over
 * `Array(1_000).fill(1)`): such a thread then counts as gone, since callers wait for it.
 */
const endMillisMax = 5_000

export interface NodeWorkerOptions {
  readonly number: number
  readonly index: number
  readonly seat: PortSeat | undefined
  readonly memory: LaneMemory
  readonly request: PortLaneRequest
  readonly tasks: ReadonlyArray<TaskName>
  readonly onNotice: (notice: Notice) => void
  readonly onExit: (worker: NodeWorker, exit: PortWorkerExit) => void
}

export class NodeWorker implements LaneThreads.LaneThread {
  /** As core knows it. */
  readonly number: number
  readonly index: number
  /** It was told to end, at once or after what it runs. */
  isLeaving = false
  private isTerminated = false
  wasReady = false
  isOverdue = false
  private readonly words: Int32Array<SharedArrayBuffer>
  private readonly port: MessagePort
  private readonly worker: Worker
  private readonly options: NodeWorkerOptions
  private hasExited = false
  private endTimer: NodeJS.Timeout | undefined
  private crash: { readonly error: unknown } | undefined

  constructor(options: NodeWorkerOptions) {
    const { index, memory, number, request, tasks } = options
    this.options = options
    this.number = number
    this.index = index
    this.words = memory.words
    Atomics.store(this.words, at.worker + index, WorkerWord.starting)
    Atomics.store(this.words, at.retire + index, 0)
    const { port1, port2 } = new MessageChannel()
    const { timeOrigin } = performance
    const { seat: given } = options
    // Without its functions, which cannot be posted.
    const seat = given === undefined ? undefined : { table: given.table, seat: given.seat }
    const start: WorkerStart = {
      index,
      memory: memory.buffer,
      seat,
      port: port2,
      timeOrigin,
      tasks
    }
    this.port = port1
    this.port.on("message", options.onNotice)
    this.port.unref()
    this.worker = new Worker(program, {
      eval: true,
      name: request.name,
      workerData: start,
      transferList: [port2],
      stdout: request.discardsOutput,
      stderr: request.discardsOutput,
      ...(request.heapMaxMiB === undefined
        ? {}
        : { resourceLimits: { maxOldGenerationSizeMb: request.heapMaxMiB } })
    })
    this.watch()
  }

  private watch(): void {
    const { worker } = this
    if (this.options.request.discardsOutput) {
      worker.stdout.resume()
      worker.stderr.resume()
    }
    worker.unref()
    LaneThreads.began(this)
    worker.once("exit", () => LaneThreads.ended(this))
    worker.on("error", (error: unknown) => (this.crash = { error }))
    worker.on("exit", (exitCode) => this.exited(exitCode))
  }

  private exited(exitCode: number): void {
    if (this.hasExited) return
    this.hasExited = true
    clearTimeout(this.endTimer)
    this.wasReady = Atomics.load(this.words, at.worker + this.index) !== WorkerWord.starting
    // What it said before it ended counts.
    for (;;) {
      const received = receiveMessageOnPort(this.port) as { readonly message: Notice } | undefined
      if (received === undefined) break
      this.options.onNotice(received.message)
    }
    this.port.close()
    this.options.onExit(this, this.exitOf(exitCode))
  }

  private exitOf(exitCode: number): PortWorkerExit {
    const { crash } = this
    if (crash === undefined) {
      return this.isTerminated ? { _tag: "Ended" } : { _tag: "Exited", exitCode }
    }
    const { code } = Object(crash.error) as { readonly code?: unknown }
    return code === "ERR_WORKER_OUT_OF_MEMORY"
      ? { _tag: "OutOfMemory" }
      : { _tag: "Crashed", error: crash.error }
  }

  send(order: Order, transfer: ReadonlyArray<object> = []): void {
    this.port.postMessage(order, Array.from(transfer) as Array<Transferable>)
    this.wake()
  }

  /** It looks whether there is an order, or whether its task was asked to stop. */
  wake(): void {
    Atomics.add(this.words, at.mail + this.index, 1)
    Atomics.notify(this.words, at.mail + this.index)
  }

  /** Gives it a task, if it has none and does not look for one. */
  takes(slot: number): boolean {
    const place = at.worker + this.index
    const { free } = WorkerWord
    return Atomics.compareExchange(this.words, place, free, slot + 1) === free
  }

  /** Ends it if its word is this one; false if it is not. */
  endFrom(word: number): boolean {
    const place = at.worker + this.index
    if (Atomics.compareExchange(this.words, place, word, WorkerWord.ending) !== word) return false
    this.end()
    return true
  }

  end(): void {
    this.isLeaving = this.isTerminated = true
    Atomics.store(this.words, at.worker + this.index, WorkerWord.ending)
    void this.worker.terminate()
    this.endTimer ??= setTimeout(() => this.giveUp(), endMillisMax)
  }

  private giveUp(): void {
    this.isOverdue = true
    // To end it was to hold the process until it has ended.
    this.worker.unref()
    this.exited(1)
  }

  /** It ends when it has no task any more. */
  retire(): void {
    this.isLeaving = true
    Atomics.store(this.words, at.retire + this.index, 1)
    if (!this.endFrom(WorkerWord.free)) this.endFrom(WorkerWord.starting)
  }
}
