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
  | { readonly _tag: "NotSent"; readonly problem: string }

export const report = (
  memory: LaneMemory,
  codec: PlainCodec,
  slot: number,
  end: TaskEnd,
  port: MessagePort
): void => {
  if (end._tag === "NotFound") return post(port, { slot, notFound: end.problem })
  if (end._tag === "NotSent") {
    return post(port, { slot, notCloneable: "arguments", problem: end.problem })
  }
  if (end._tag === "Failed") return reportError(slot, end.error, port)
  const { value } = end
  const isMoved = value instanceof Moved
  if (!isMoved && codec.write(value, slot * slotBytes, slotBytes) >= 0) {
    memory.write(slot, inSlot.kind, EndKind.succeeded)
    if (memory.reportEnded(slot)) port.postMessage(0)
    return
  }
  const transfer = isMoved ? (Array.from(value.transfer) as Array<Transferable>) : []
  try {
    port.postMessage({ slot, value: isMoved ? (value.value as unknown) : value }, transfer)
  } catch (error) {
    post(port, { slot, notCloneable: "result", problem: String(error) })
  }
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
