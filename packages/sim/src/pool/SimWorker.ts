/** A simulated thread: runs one task's model at a time, and may end in any way. */
import type { LoopCallError } from "@portico/core/LoopCall"
import { Moved } from "@portico/core/Moved"
import type {
  PortCall,
  PortSeat,
  PortTask,
  PortTaskEnd,
  PortWorkerExit
} from "@portico/core/port/index"
import { CurrentSeat } from "@portico/core/sync/CurrentSeat"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import { clone } from "./SimClone.ts"
import { NotSent, SimDialogue } from "./SimDialogue.ts"
import type { SimThread } from "./SimTask.ts"
import type { SimWorkers } from "./SimWorkers.ts"

export interface SimWorkerEvents {
  onEnded(task: PortTask, end: PortTaskEnd, startedNanos: number): void
  onItem(task: PortTask, item: unknown): void
  onCall(task: PortTask, call: PortCall): void
  /** It is over; `exit` says how. */
  onOver(): void
}

export class SimWorker {
  readonly number: number
  isReady = false
  /** It was told to end after what it runs. */
  isLeaving = false
  task: PortTask | undefined
  /** Of the task. */
  dialogue: SimDialogue | undefined
  exit: PortWorkerExit | undefined
  private readonly seat: PortSeat | undefined
  private readonly sharesMemory: boolean
  private readonly shared: SimWorkers
  private readonly events: SimWorkerEvents
  private startedNanos = 0
  private fiber: Fiber.Fiber<unknown, unknown> | undefined

  constructor(
    number: number,
    seat: PortSeat | undefined,
    sharesMemory: boolean,
    shared: SimWorkers,
    events: SimWorkerEvents
  ) {
    this.number = number
    this.seat = seat
    this.sharesMemory = sharesMemory
    this.shared = shared
    this.events = events
  }

  get isOver(): boolean {
    return this.exit !== undefined
  }

  get isFree(): boolean {
    return this.isReady && !this.isOver && !this.isLeaving && this.task === undefined
  }

  run(task: PortTask): void {
    const { ports, references, tasks } = this.shared
    this.task = task
    this.dialogue = new SimDialogue(
      {
        onItem: (item) => this.events.onItem(task, item),
        onCall: (call, name, args) => this.events.onCall(task, { call, name, args })
      },
      task.itemsMax
    )
    this.startedNanos = ports.world.now
    const model = tasks.find(task.task)
    if (model === undefined) {
      const problem = `${task.task.export} of ${task.task.module} has no model in this world`
      return this.tell({ _tag: "NotFound", problem })
    }
    let args: ReadonlyArray<unknown>
    try {
      args = clone(task.args, task.transfer, this.sharesMemory) as ReadonlyArray<unknown>
    } catch (error) {
      return this.tell({ _tag: "NotCloneable", what: "arguments", problem: String(error) })
    }
    // Locks know it from the loop, and from other threads.
    const effect = Effect.provideService(
      Effect.suspend(() => this.modelled(task, model(this.thread, ...args))),
      CurrentSeat,
      this.seat?.seat ?? -1
    )
    this.fiber = Effect.runForkWith(references)(this.draw(effect))
    this.fiber.addObserver((exit) => this.ended(task, exit))
  }

  private modelled(
    task: PortTask,
    model: Effect.Effect<unknown, unknown>
  ): Effect.Effect<unknown, unknown> {
    const { dialogue } = this
    return task.itemsMax === 0
      ? model
      : Effect.flatMap(model, (result) => dialogue!.giveItems(result))
  }

  cancel(): void {
    this.dialogue?.cancel()
  }

  /** As the seed has it, the thread crashes before the task did anything, or after all of it. */
  private draw(effect: Effect.Effect<unknown, unknown>): Effect.Effect<unknown, unknown> {
    const { draws, tasks } = this.shared
    if (tasks.crashesPerMille === 0 || draws.below(1000) >= tasks.crashesPerMille) return effect
    const crash = this.thread.crash(new Error("The simulator crashed the thread"))
    return draws.below(2) === 0 ? crash : Effect.andThen(effect, crash)
  }

  private readonly thread: SimThread = {
    isCancelled: () => this.dialogue?.isCancelled ?? false,
    ask: (call, ...args) => this.ask(call.name, args) as Effect.Effect<never, LoopCallError>,
    exit: (exitCode) => this.ending({ _tag: "Exited", exitCode }),
    crash: (error) => this.ending({ _tag: "Crashed", error }),
    kill: (signal) => this.ending({ _tag: "Signalled", signal }),
    exhaustMemory: Effect.suspend(() => this.ending({ _tag: "OutOfMemory" }))
  }

  private ask(name: string, args: ReadonlyArray<unknown>): Effect.Effect<unknown, LoopCallError> {
    return Effect.suspend(() => this.dialogue!.ask(name, args))
  }

  private ending(exit: PortWorkerExit): Effect.Effect<never> {
    return Effect.andThen(
      Effect.sync(() => this.end(exit)),
      Effect.never
    )
  }

  private ended(task: PortTask, exit: Exit.Exit<unknown, unknown>): void {
    if (this.task !== task || this.isOver) return
    if (exit._tag === "Success") return this.tell(this.resultOf(exit.value))
    const { reasons } = exit.cause
    const failed = reasons.find((reason) => Cause.isFailReason(reason))
    const error = failed === undefined ? Cause.squash(exit.cause) : failed.error
    if (error instanceof NotSent) {
      return this.tell({ _tag: "NotCloneable", what: "result", problem: error.problem })
    }
    this.tell({ _tag: "Failed", error: this.copied(error) })
  }

  private copied(error: unknown): unknown {
    try {
      return clone(error, [])
    } catch {
      return new Error(String(error))
    }
  }

  private resultOf(value: unknown): PortTaskEnd {
    try {
      const isMoved = value instanceof Moved
      const result = isMoved ? clone(value.value, value.transfer) : clone(value, [])
      return { _tag: "Succeeded", value: result }
    } catch (error) {
      return { _tag: "NotCloneable", what: "result", problem: String(error) }
    }
  }

  private tell(end: PortTaskEnd): void {
    const { startedNanos } = this
    const task = this.task!
    this.task = undefined
    this.fiber = undefined
    this.seat?.taskEnded()
    this.events.onEnded(task, end, startedNanos)
    if (this.isLeaving) this.end({ _tag: "Ended" })
  }

  /** Ends after what it runs: at once if that is nothing. */
  leave(): void {
    this.isLeaving = true
    if (this.task === undefined) this.end({ _tag: "Ended" })
  }

  /** Ends, whatever it runs. Once. */
  end(exit: PortWorkerExit): void {
    if (this.isOver) return
    const { fiber, task } = this
    this.exit = exit
    // Before its fiber is interrupted: no finalizer runs in a thread that has ended.
    this.seat?.workerEnded()
    if (task !== undefined) {
      this.tell({ _tag: "WorkerEnded", exit })
      if (fiber !== undefined) this.shared.ports.world.later(() => fiber.interruptUnsafe())
    }
    this.events.onOver()
  }
}
