/** Tasks posted to a loop from anywhere in its thread, run in order in a later turn. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { PostOptions } from "../../EventLoop.ts"
import { IoError } from "../../IoError.ts"
import type { TurnPort } from "../../port/TurnPort.ts"
import { Reason } from "../../Reason.ts"

const tasksMax = 65_536
const operation = "EventLoop.post"

interface Posted {
  readonly task: Effect.Effect<void>
  readonly key: string | undefined
}

type Run = (task: Effect.Effect<void>) => Fiber.Fiber<void>

const interruptAndWait = (fiber: Fiber.Fiber<void>) => Fiber.interrupt(fiber)

export class PostQueue {
  private readonly turn: TurnPort
  private readonly run: Run
  private queue: Array<Posted> = []
  private readonly keys = new Set<string>()
  private readonly running = new Set<Fiber.Fiber<void>>()
  private isClosed = false

  /** `run` starts a task now, as a fiber of its own. */
  constructor(turn: TurnPort, run: Run) {
    this.turn = turn
    this.run = run
  }

  /** Tasks that have not begun. */
  get length(): number {
    return this.queue.length
  }

  post(task: Effect.Effect<void>, options?: PostOptions): IoError | undefined {
    if (this.isClosed) return new IoError({ operation, reason: Reason.Closed() })
    const key = options?.key
    if (key !== undefined && this.keys.has(key)) return undefined
    if (this.queue.length === tasksMax) {
      const reason = Reason.ResourceExhausted({ resource: `${tasksMax} posted tasks` })
      return new IoError({ operation, reason })
    }
    if (key !== undefined) this.keys.add(key)
    this.queue.push({ task, key })
    if (this.queue.length === 1) this.turn.later(() => this.drain())
    return undefined
  }

  // What a task posts belongs to the next turn.
  private drain(): void {
    const queue = this.queue
    this.queue = []
    this.keys.clear()
    this.turn.enter()
    try {
      for (const { task } of queue) this.start(task)
    } finally {
      this.turn.leave()
    }
  }

  private start(task: Effect.Effect<void>): void {
    const told = Effect.catchCause(task, (cause) => Effect.logError("A posted task died", cause))
    const fiber = this.run(told)
    if (fiber.pollUnsafe() !== undefined) return
    this.running.add(fiber)
    fiber.addObserver(() => this.running.delete(fiber))
  }

  /** Refuses further tasks, starts those that stand in the queue, and interrupts what goes on. */
  get shutDown(): Effect.Effect<void> {
    return Effect.suspend(() => {
      this.isClosed = true
      this.drain()
      return Effect.forEach(Array.from(this.running), interruptAndWait, {
        concurrency: "unbounded",
        discard: true
      })
    })
  }
}
