/** A new lock: its memory, with what it is and how many permits there are. */
import * as Effect from "effect/Effect"
import { SyncError } from "../../sync/SyncError.ts"
import { NoSeat, outside, type SyncReason } from "../../sync/SyncReason.ts"
import { ThreadSeats } from "../../sync/ThreadSeats.ts"
import { openCell } from "./blocking.ts"
import { Monitor } from "./Monitor.ts"
import { at, bytesFor, MonitorMemory } from "./MonitorMemory.ts"
import { SharedPermits } from "./SharedPermits.ts"

const waitersMaxByDefault = 256
const waitersMaxMax = 10_000

export interface SharedOptions {
  /** Those who hold it and those who wait for it, together: 1 to 10,000. Default 256. */
  readonly waitersMax?: number | undefined
}

export interface CellFacts {
  readonly kind: number
  readonly capacity: number
  readonly free: number
}

/** A lock that was made before, by this loop or a thread that sits at its table. */
export const openShared = (
  operation: string,
  cell: SharedArrayBuffer,
  kind: number
): Effect.Effect<SharedPermits, SyncError, ThreadSeats> =>
  ThreadSeats.use((seats) =>
    Effect.suspend(() => {
      const home = seats.homeUnsafe()
      const memory = openCell(cell, kind)
      return memory.header(at.table) === home.seats.number
        ? Effect.succeed(new SharedPermits(home, new Monitor(memory)))
        : Effect.fail(new SyncError(operation, NoSeat))
    })
  )

/** Bad options are an `InvalidArgument` of `operation`. */
export const makeCell = (
  operation: string,
  options: SharedOptions | undefined,
  facts: CellFacts,
  bad?: SyncReason
): Effect.Effect<SharedPermits, SyncError, ThreadSeats> =>
  ThreadSeats.use((seats) =>
    Effect.suspend(() => {
      const waitersMax = options?.waitersMax ?? waitersMaxByDefault
      const refused = bad ?? outside("waitersMax", waitersMax, 1, waitersMaxMax)
      if (refused !== undefined) return Effect.fail(new SyncError(operation, refused))
      const home = seats.homeUnsafe()
      const memory = new MonitorMemory(new SharedArrayBuffer(bytesFor(waitersMax)))
      memory.setHeader(at.table, home.seats.number)
      memory.setHeader(at.kind, facts.kind)
      memory.setHeader(at.capacity, facts.capacity)
      memory.setHeader(at.free, facts.free)
      return Effect.succeed(new SharedPermits(home, new Monitor(memory)))
    })
  )
