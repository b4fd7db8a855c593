/** What each live fiber does: the scheduler knows who lives, handles and clock who waits. */
import * as Fiber from "effect/Fiber"
import type { FiberReport, FiberState } from "../../FiberReport.ts"
import type { KnownFiber } from "../../LoopScheduler.ts"
import type { PendingOperation } from "../../PendingOperation.ts"
import { framesOf, spanOf } from "./Frames.ts"

const stateOf = (
  { fiber, isQueued }: KnownFiber,
  waits: ReadonlyMap<number, PendingOperation>
): FiberState => {
  if (fiber.id === Fiber.getCurrent()?.id) return { _tag: "Running" }
  const operation = waits.get(fiber.id)
  if (operation !== undefined) return { _tag: "Waiting", operation }
  return isQueued ? { _tag: "Queued" } : { _tag: "Suspended" }
}

export const fiberReports = (
  known: ReadonlyArray<KnownFiber>,
  operations: ReadonlyArray<PendingOperation>,
  nowMillis: number
): ReadonlyArray<FiberReport> => {
  const waits = new Map(operations.map((operation) => [operation.fiberId, operation] as const))
  return known.map((one) => ({
    id: one.fiber.id,
    span: spanOf(one.fiber.cache),
    frames: framesOf(one.fiber.cache),
    state: stateOf(one, waits),
    sinceMillis: Math.max(0, nowMillis - one.resumedAtMillis)
  }))
}
