/// <reference lib="es2024.sharedmemory" />
/** How a worker gives the items of a task that gives many, no further ahead than it may be. */
import type { MessagePort } from "node:worker_threads"
import { inSlot, type LaneMemory } from "./LaneMemory.ts"
import { postMoving, type TaskEnd } from "./TaskReport.ts"

/** The right to give items: a number in the task's slot, which the main thread adds to. */
class Credit {
  private readonly memory: LaneMemory
  private readonly slot: number
  private readonly index: number

  constructor(memory: LaneMemory, slot: number) {
    this.memory = memory
    this.slot = slot
    this.index = memory.word(slot, inSlot.credit)
  }

  private get isCancelled(): boolean {
    return this.memory.read(this.slot, inSlot.isCancelled) === 1
  }

  /** True when it may give one; false when it was asked to stop; undefined when it has to wait. */
  private take(): boolean | undefined {
    const { words } = this.memory
    const credit = Atomics.load(words, this.index)
    if (this.isCancelled) return false
    if (credit === 0) return undefined
    Atomics.sub(words, this.index, 1)
    return true
  }

  /** Blocks. Cancelling adds to the number as well. */
  wait(): boolean {
    for (;;) {
      const taken = this.take()
      if (taken !== undefined) return taken
      Atomics.wait(this.memory.words, this.index, 0)
    }
  }

  async waitAsync(): Promise<boolean> {
    for (;;) {
      const taken = this.take()
      if (taken !== undefined) return taken
      const told = Atomics.waitAsync(this.memory.words, this.index, 0)
      if (told.async) await told.value
    }
  }
}

const succeeded: TaskEnd = { _tag: "Succeeded", value: undefined }

const notSent = (error: unknown): TaskEnd => ({
  _tag: "NotSent",
  what: "result",
  problem: String(error)
})

type Give = (item: unknown) => TaskEnd | undefined

const giveAll = (iterator: Iterator<unknown>, credit: Credit, give: Give): TaskEnd => {
  try {
    for (;;) {
      if (!credit.wait()) {
        iterator.return?.()
        return succeeded
      }
      const next = iterator.next()
      if (next.done === true) return succeeded
      const failed = give(next.value)
      if (failed === undefined) continue
      iterator.return?.()
      return failed
    }
  } catch (error) {
    return { _tag: "Failed", error }
  }
}

const giveAllAsync = async (
  iterator: AsyncIterator<unknown>,
  credit: Credit,
  give: Give
): Promise<TaskEnd> => {
  try {
    for (;;) {
      if (!(await credit.waitAsync())) {
        await iterator.return?.()
        return succeeded
      }
      const next = await iterator.next()
      if (next.done === true) return succeeded
      const failed = give(next.value)
      if (failed === undefined) continue
      await iterator.return?.()
      return failed
    }
  } catch (error) {
    return { _tag: "Failed", error }
  }
}

type AnyIterable = Partial<Iterable<unknown> & AsyncIterable<unknown>>

/** Gives them all; how the task ended. A generator that was not run to its end is returned from. */
export const giveItems = (
  memory: LaneMemory,
  slot: number,
  value: unknown,
  port: MessagePort
): TaskEnd | Promise<TaskEnd> => {
  const credit = new Credit(memory, slot)
  const give: Give = (item) => {
    try {
      postMoving(port, item, (sent) => ({ slot, item: sent }))
      return undefined
    } catch (error) {
      return notSent(error)
    }
  }
  const iterable = Object(value) as AnyIterable
  if (iterable[Symbol.asyncIterator] !== undefined) {
    return giveAllAsync(iterable[Symbol.asyncIterator]!(), credit, give)
  }
  if (iterable[Symbol.iterator] !== undefined) {
    return giveAll(iterable[Symbol.iterator]!(), credit, give)
  }
  return { _tag: "Failed", error: new TypeError("The task gave nothing that can be iterated") }
}
