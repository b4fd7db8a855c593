/** The functions that a worker can run, by the numbers that the main thread gave them. */
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads"
import { at } from "./LaneMemory.ts"
import type { Answer, Order, TaskName, WorkerStart } from "./WorkerMessages.ts"

const never = () => false

type AnyFunction = (...args: ReadonlyArray<never>) => unknown

export class Tasks {
  private readonly port: MessagePort
  private readonly words: Int32Array<SharedArrayBuffer>
  private readonly mail: number
  private readonly names: Array<TaskName>
  private readonly loaded: Array<AnyFunction | undefined> = []

  constructor({ index, port, tasks }: WorkerStart, words: Int32Array<SharedArrayBuffer>) {
    this.port = port
    this.words = words
    this.mail = at.mail + index
    this.names = Array.from(tasks)
  }

  /** The function, or its promise, which may be rejected with the problem as text. */
  find(number: number): AnyFunction | Promise<AnyFunction> {
    const found = this.loaded[number]
    if (found !== undefined) return found
    while (this.names[number] === undefined) this.next(never)
    return this.load(number, this.names[number])
  }

  private async load(number: number, name: TaskName): Promise<AnyFunction> {
    const imported = (await import(name.module)) as Record<string, unknown>
    const found = imported[name.export]
    if (typeof found !== "function") {
      throw new Error(`${name.export} is not a function that ${name.module} exports`)
    }
    return (this.loaded[number] = found as AnyFunction)
  }

  /** Waits for the arguments that were asked for, or why they cannot come. */
  awaitArguments(): Extract<Order, { readonly _tag: "Arguments" | "NoArguments" }> {
    for (;;) {
      const order = this.next(never)!
      if (order._tag === "Arguments" || order._tag === "NoArguments") return order
    }
  }

  /** The answer to that call; undefined when the task was asked to stop before. */
  awaitAnswer(call: number, isStopped: () => boolean): Answer | undefined {
    for (;;) {
      const order = this.next(isStopped)
      if (order === undefined) return undefined
      // Of an earlier one nobody waits for the answer any more.
      if (order._tag === "Answer" && order.call === call) return order.answer
    }
  }

  /** The next order, waited for without the event loop. */
  private next(isStopped: () => boolean): Order | undefined {
    for (;;) {
      const count = Atomics.load(this.words, this.mail)
      const received = receiveMessageOnPort(this.port) as { readonly message: Order } | undefined
      if (received === undefined) {
        if (isStopped()) return undefined
        Atomics.wait(this.words, this.mail, count)
        continue
      }
      const { message } = received
      if (message._tag === "Task") this.names[message.number] = message.name
      return message
    }
  }
}
