/** One process of a lane, from this one. */
import { type ChildProcess, spawn } from "node:child_process"
import type { PortTask, PortTaskEnd, PortWorkerExit } from "@portico/core/port/index"
import { CancelFile } from "./CancelFile.ts"
import { refuseShared } from "./refuseShared.ts"
import type { ProcessNotice, ProcessOrder } from "./ProcessMessages.ts"

// The name that this file has itself, in the sources or in what was made of them.
const threadModule = new URL(
  import.meta.url.endsWith(".ts") ? "./ProcessThread.ts" : "./ProcessThread.js",
  import.meta.url
)

// A module that does something when it is imported would do it wherever it is imported.
const program = `import(${JSON.stringify(threadModule.href)}).then((thread) => thread.start())`

/** Those of this process, but for the text that it was started with, and debuggers' ports. */
const inherited = (): ReadonlyArray<string> => {
  const kept: Array<string> = []
  for (let index = 0; index < process.execArgv.length; index++) {
    const option = process.execArgv[index]!
    if (/^(-e|--eval|-p|--print|-pe)$/.test(option)) index++
    else if (!/^--(inspect|debug|test|watch)/.test(option)) kept.push(option)
  }
  return kept
}

export interface ChildOptions {
  readonly number: number
  readonly heapMaxMiB: number | undefined
  readonly discardsOutput: boolean
  readonly onReady: () => void
  readonly onItem: (task: PortTask, item: unknown) => void
  readonly onEnded: (task: PortTask, end: PortTaskEnd, startedMillis: number) => void
  readonly onExit: (exit: PortWorkerExit) => void
}

export class ChildWorker {
  readonly number: number
  isReady = false
  /** It was told to end, at once or after what it runs. */
  isLeaving = false
  task: PortTask | undefined
  private readonly options: ChildOptions
  private readonly child: ChildProcess
  private readonly file = new CancelFile()
  private lastTask = 0
  private startedMillis = 0
  private isTerminated = false
  private hasClosed = false
  private crash: { readonly error: unknown } | undefined

  constructor(options: ChildOptions) {
    this.options = options
    this.number = options.number
    const output = options.discardsOutput ? "ignore" : "inherit"
    const heap =
      options.heapMaxMiB === undefined ? [] : [`--max-old-space-size=${options.heapMaxMiB}`]
    this.child = spawn(process.execPath, [...inherited(), ...heap, "-e", program], {
      stdio: ["ignore", output, output, "ipc", this.file.descriptor],
      serialization: "advanced"
    })
    this.child.on("message", (notice) => this.take(notice as ProcessNotice))
    this.child.on("error", (error) => this.failed(error))
    // Not "exit": what it said before may still be on its way.
    this.child.on("close", (code, signal) => this.closed(code, signal))
    this.child.unref()
    ;(this.child.channel as { readonly unref?: () => void } | null)?.unref?.()
  }

  get isFree(): boolean {
    const { child, isLeaving, isReady, task } = this
    return isReady && !isLeaving && task === undefined && child.connected
  }

  private take(notice: ProcessNotice): void {
    if (notice._tag === "Ready") {
      this.isReady = true
      return this.options.onReady()
    }
    if (notice._tag === "Crash") {
      this.crash = { error: notice.error }
      return
    }
    const { task } = this
    if (task === undefined || notice.number !== this.lastTask) return
    if (notice._tag === "Item") this.options.onItem(task, notice.item)
    else this.ended(task, endOf(notice))
  }

  private ended(task: PortTask, end: PortTaskEnd): void {
    this.task = undefined
    this.options.onEnded(task, end, this.startedMillis)
    if (this.isLeaving) this.end()
  }

  run(task: PortTask): void {
    this.task = task
    this.startedMillis = performance.now()
    const order: ProcessOrder = {
      _tag: "Run",
      number: ++this.lastTask,
      task: { module: task.task.module, export: task.task.export },
      args: task.args,
      itemsMax: task.itemsMax
    }
    try {
      for (const one of task.transfer) {
        if (!(one instanceof ArrayBuffer)) throw new TypeError("Only an ArrayBuffer can be moved")
      }
      refuseShared(task.args)
      this.child.send(order)
      // Whoever had it has it no more, as with threads.
      for (const one of task.transfer) structuredClone(one, { transfer: [one as ArrayBuffer] })
    } catch (error) {
      const problem = String(error)
      const end: PortTaskEnd = { _tag: "NotCloneable", what: "arguments", problem }
      queueMicrotask(() => this.ended(task, end))
    }
  }

  cancel(): void {
    this.file.cancel(this.lastTask)
    // It may wait for room.
    this.allow(1)
  }

  allow(count: number): void {
    if (!this.child.connected) return
    this.child.send({ _tag: "Allow", number: this.lastTask, count } satisfies ProcessOrder)
  }

  /** Ends after what it runs: at once if that is nothing. */
  leave(): void {
    this.isLeaving = true
    if (this.task === undefined) this.end()
  }

  end(): void {
    this.isLeaving = this.isTerminated = true
    this.child.kill("SIGKILL")
  }

  /** It could not be started. */
  private failed(error: unknown): void {
    this.crash = { error }
    if (this.child.pid === undefined) this.closed(1, null)
  }

  private closed(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.hasClosed) return
    this.hasClosed = this.isLeaving = true
    this.file.close()
    const exit = this.exitOf(code, signal)
    const { task } = this
    this.task = undefined
    if (task !== undefined) {
      this.options.onEnded(task, { _tag: "WorkerEnded", exit }, this.startedMillis)
    }
    this.options.onExit(exit)
  }

  private exitOf(code: number | null, signal: NodeJS.Signals | null): PortWorkerExit {
    if (this.isTerminated) return { _tag: "Ended" }
    if (this.crash !== undefined) return { _tag: "Crashed", error: this.crash.error }
    if (signal !== null) return { _tag: "Signalled", signal }
    return { _tag: "Exited", exitCode: code ?? 0 }
  }
}

type EndNotice = Exclude<ProcessNotice, { readonly _tag: "Ready" | "Crash" | "Item" }>

const endOf = (notice: EndNotice): PortTaskEnd => {
  switch (notice._tag) {
    case "Succeeded":
      return { _tag: "Succeeded", value: notice.value }
    case "Failed":
      return { _tag: "Failed", error: notice.error }
    case "NotFound":
      return { _tag: "NotFound", problem: notice.problem }
    case "NotCloneable":
      return { _tag: "NotCloneable", what: "result", problem: notice.problem }
  }
}
