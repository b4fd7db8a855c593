/** A lane's worker inside its process: runs one task at a time, as it is told to. */
import * as CancelFlag from "@portico/core/CancelFlag"
import { Moved } from "@portico/core/Moved"
import { cancelled } from "./CancelFile.ts"
import { refuseShared } from "./refuseShared.ts"
import { cancelDescriptor, type ProcessNotice, type ProcessOrder } from "./ProcessMessages.ts"

type Run = Extract<ProcessOrder, { readonly _tag: "Run" }>
type TaskFunction = (...args: ReadonlyArray<unknown>) => unknown
type AnyIterable = Partial<Iterable<unknown> & AsyncIterable<unknown>>

class ProcessThread {
  /** The task's that runs, 0 for none. */
  private number = 0
  private credit = 0
  private onCredit: (() => void) | undefined
  private readonly functions = new Map<string, TaskFunction>()

  begin(): void {
    CancelFlag.useUnsafe(() => this.number !== 0 && cancelled(cancelDescriptor) === this.number)
    process.on("message", (order) => this.take(order as ProcessOrder))
    // Nobody is there to work for.
    process.on("disconnect", () => process.exit(0))
    process.on("uncaughtException", (error) => void this.crash(error))
    void this.send({ _tag: "Ready" })
  }

  /** Until it is on its way; rejects with what cannot be copied. */
  private send(notice: ProcessNotice): Promise<void> {
    return new Promise((resolve, reject) => {
      sendNow(notice, (error) => (error === null ? resolve() : reject(error)))
    })
  }

  private async crash(error: unknown): Promise<never> {
    await this.send({ _tag: "Crash", error }).catch(() =>
      this.send({ _tag: "Crash", error: new Error(String(error)) })
    )
    return process.exit(1)
  }

  private take(order: ProcessOrder): void {
    if (order._tag === "Run") return void this.run(order)
    if (order.number !== this.number) return
    this.credit += order.count
    this.onCredit?.()
  }

  private async run(order: Run): Promise<void> {
    const { args, itemsMax, number } = order
    this.number = number
    this.credit = itemsMax
    let notice: ProcessNotice
    try {
      const task = await this.find(order)
      if (typeof task === "string") notice = { _tag: "NotFound", number, problem: task }
      else {
        const value = await task(...args)
        if (itemsMax > 0) await this.giveItems(number, value)
        notice = { _tag: "Succeeded", number, value: itemsMax > 0 ? undefined : plain(value) }
      }
    } catch (error) {
      notice = error instanceof NotSent ? error.notice : { _tag: "Failed", number, error }
    }
    this.number = 0
    await this.send(notice).catch((error: unknown) => this.sendProblem(notice, error))
  }

  private sendProblem(notice: ProcessNotice, error: unknown): Promise<void> {
    const { number } = notice as { readonly number: number }
    return notice._tag === "Failed"
      ? this.send({ _tag: "Failed", number, error: new Error(String(notice.error)) })
      : this.send({ _tag: "NotCloneable", number, problem: String(error) })
  }

  /** The function, or the problem as text. */
  private async find({ task }: Run): Promise<TaskFunction | string> {
    const key = `${task.export} ${task.module}`
    const known = this.functions.get(key)
    if (known !== undefined) return known
    try {
      const found = ((await import(task.module)) as Record<string, unknown>)[task.export]
      if (typeof found !== "function") return `${task.module} exports no function ${task.export}`
      this.functions.set(key, found as TaskFunction)
      return found as TaskFunction
    } catch (error) {
      return String(error)
    }
  }

  /** False when it was asked to stop. */
  private async awaitCredit(): Promise<boolean> {
    while (this.credit === 0 && !CancelFlag.isCancelled()) {
      await new Promise<void>((resolve) => (this.onCredit = resolve))
    }
    return !CancelFlag.isCancelled()
  }

  private async giveItems(number: number, value: unknown): Promise<void> {
    const iterable = Object(value) as AnyIterable
    const iterator = iterable[Symbol.asyncIterator]?.() ?? iterable[Symbol.iterator]?.()
    if (iterator === undefined) throw new TypeError("The task gave nothing that can be iterated")
    while (await this.awaitCredit()) {
      const next = await iterator.next()
      if (next.done === true) return
      this.credit--
      const item = plain(next.value)
      await this.send({ _tag: "Item", number, item }).catch(async (error: unknown) => {
        await iterator.return?.()
        throw new NotSent({ _tag: "NotCloneable", number, problem: String(error) })
      })
    }
    await iterator.return?.()
  }
}

/** An item could not be copied. */
class NotSent extends Error {
  readonly notice: ProcessNotice

  constructor(notice: ProcessNotice) {
    super("The item was not sent")
    this.notice = notice
  }
}

/** Nothing can be moved to another process: it is copied. */
const plain = (value: unknown): unknown => (value instanceof Moved ? value.value : value)

const sendNow = (notice: ProcessNotice, onSent: (error: Error | null) => void): void => {
  refuseShared(notice)
  process.send!(notice, undefined, undefined, onSent)
}

/** Called in the process. */
export const start = (): void => new ProcessThread().begin()
