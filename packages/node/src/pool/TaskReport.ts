/** How a worker says how a task ended: in the task's slot if it fits, else by message. */
import { Moved } from "@portico/core/Moved"
import type { MessagePort, Transferable } from "node:worker_threads"
import { EndKind, inSlot, type LaneMemory, slotBytes } from "./LaneMemory.ts"
import type { Notice } from "./WorkerMessages.ts"
import type { PlainCodec } from "./PlainCodec.ts"

export type TaskEnd =
  | { readonly _tag: "Succeeded"; readonly value: unknown }
  | { readonly _tag: "Failed"; readonly error: unknown }
  | { readonly _tag: "NotFound"; readonly problem: string }
  | {
      readonly _tag: "NotSent"
      readonly what: "arguments" | "result"
      readonly problem: string
    }

export const report = (
  memory: LaneMemory,
  codec: PlainCodec,
  slot: number,
  end: TaskEnd,
  port: MessagePort
): void => {
  if (end._tag === "NotFound") return post(port, { slot, notFound: end.problem })
  if (end._tag === "NotSent") {
    return post(port, { slot, notCloneable: end.what, problem: end.problem })
  }
  if (end._tag === "Failed") return reportError(slot, end.error, port)
  const { value } = end
  // Behind its items, which are messages.
  if (memory.read(slot, inSlot.credit) >= 0) return post(port, { slot, value: undefined })
  const isMoved = value instanceof Moved
  if (!isMoved && codec.write(value, slot * slotBytes, slotBytes) >= 0) {
    memory.write(slot, inSlot.kind, EndKind.succeeded)
    if (memory.reportEnded(slot)) port.postMessage(0)
    return
  }
  try {
    postMoving(port, value, (sent) => ({ slot, value: sent }))
  } catch (error) {
    post(port, { slot, notCloneable: "result", problem: String(error) })
  }
}

/** Posts a value that may be `Moved`. Throws what says that it cannot be copied. */
export const postMoving = (
  port: MessagePort,
  value: unknown,
  notice: (value: unknown) => Notice
): void => {
  const isMoved = value instanceof Moved
  const transfer = isMoved ? (Array.from(value.transfer) as Array<Transferable>) : []
  port.postMessage(notice(isMoved ? (value.value as unknown) : value), transfer)
}

const post = (port: MessagePort, notice: Notice): void => port.postMessage(notice)

// What cannot be copied is told of by its text.
const reportError = (slot: number, error: unknown, port: MessagePort): void => {
  try {
    post(port, { slot, error })
  } catch {
    post(port, { slot, error: new Error(String(error)) })
  }
}
