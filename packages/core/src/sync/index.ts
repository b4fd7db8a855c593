/**
 * Synchronisation: locks in shared memory, for fibers and threads; what Effect lacks for fibers.
 *
 * Threads import the files that begin with `Blocking`, and `ThreadSeat`: they need no Effect.
 */
export * as Barrier from "./Barrier.ts"
export * as Broadcast from "./Broadcast.ts"
export * as CapacityLimiter from "./CapacityLimiter.ts"
export * as Channel from "./Channel.ts"
export * as Condition from "./Condition.ts"
export * as CurrentSeat from "./CurrentSeat.ts"
export * as SharedBarrier from "./SharedBarrier.ts"
export * as SharedByteRing from "./SharedByteRing.ts"
export * as SharedCondition from "./SharedCondition.ts"
export * as SharedMutex from "./SharedMutex.ts"
export * as SharedOnce from "./SharedOnce.ts"
export * as SharedReadWriteLock from "./SharedReadWriteLock.ts"
export * as SharedSemaphore from "./SharedSemaphore.ts"
export * as SyncError from "./SyncError.ts"
export * as SyncReason from "./SyncReason.ts"
export * as ThreadSeat from "./ThreadSeat.ts"
export * as ThreadSeats from "./ThreadSeats.ts"
