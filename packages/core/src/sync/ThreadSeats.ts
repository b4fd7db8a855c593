/**
 * The threads that share locks with this loop: who they are, so that one that ends with a lock is
 * noticed.
 *
 * Threads of lanes have seats already. Shared locks are made here (`SharedMutex.make`) and work in
 * all threads that have a seat of the same backend.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Home } from "../internal/sync/Home.ts"
import type { SyncError } from "./SyncError.ts"
import type { SeatTicket } from "./ThreadSeat.ts"

export class ThreadSeats extends Context.Service<
  ThreadSeats,
  {
    /**
     * A seat for a thread that the program starts itself: post the ticket to it, where
     * `ThreadSeat.sit` takes it. Keep the scope until the thread has ended: when it ends, the
     * thread counts as gone, and what it holds is broken (`Broken`). Fails with `TooManyWaiters`
     * when 1,023 seats are taken.
     */
    readonly open: Effect.Effect<SeatTicket, SyncError, Scope.Scope>
    /** For core's own locks. */
    readonly homeUnsafe: () => Home
  }
>()("@portico/core/sync/ThreadSeats") {}

/** As `ThreadSeats.open`. */
export const open: Effect.Effect<SeatTicket, SyncError, Scope.Scope | ThreadSeats> =
  ThreadSeats.use((seats) => seats.open)
