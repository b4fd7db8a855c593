/** Everything that fibers of a loop wait for, as far as the loop knows. */
import type { BackendPorts } from "../../Backend.ts"
import type { PendingOperation } from "../../PendingOperation.ts"
import type { HandleTable } from "../HandleTable.ts"

export const pendingOperations = (
  table: HandleTable,
  { clock, loop, scheduler }: BackendPorts
): ReadonlyArray<PendingOperation> => {
  const now = loop.nowMillis()
  const resumedAt = new Map(
    scheduler.fibers().map(({ fiber, resumedAtMillis }) => [fiber.id, resumedAtMillis] as const)
  )
  const ageOf = (fiberId: number): number | undefined => {
    const at = resumedAt.get(fiberId)
    return at === undefined ? undefined : Math.max(0, now - at)
  }
  const onHandles = table.list().flatMap((handle) =>
    handle.waits.map(({ fiberId, operation }) => ({
      operation,
      handle,
      address: undefined,
      fiberId,
      ageMillis: ageOf(fiberId),
      remainingMillis: undefined,
      isRef: handle.keepsAlive
    }))
  )
  const openings = Array.from(table.attempts, ({ address, fiberId, operation }) => ({
    operation,
    handle: undefined,
    address,
    fiberId,
    ageMillis: ageOf(fiberId),
    remainingMillis: undefined,
    isRef: true
  }))
  const sleeps = clock.sleeps().map(({ endsAtMillis, fiberId }) => ({
    operation: "Effect.sleep",
    handle: undefined,
    address: undefined,
    fiberId,
    ageMillis: ageOf(fiberId),
    remainingMillis: Math.max(0, endsAtMillis - now),
    isRef: endsAtMillis !== Infinity
  }))
  return [...onHandles, ...openings, ...sleeps]
}
