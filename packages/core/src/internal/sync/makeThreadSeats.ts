/** The service `ThreadSeats` of a backend. */
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { SyncError } from "../../sync/SyncError.ts"
import type { ThreadSeats } from "../../sync/ThreadSeats.ts"
import type { HandleTable } from "../HandleTable.ts"
import { scoped } from "../scoped.ts"
import { seatsMax } from "./SeatTable.ts"

export const makeThreadSeats = (table: HandleTable): Context.Service.Shape<typeof ThreadSeats> => ({
  homeUnsafe: () => table.home,
  open: scoped(
    () =>
      Effect.suspend(() => {
        const { home } = table
        const seat = home.open()
        if (seat !== undefined) return Effect.succeed({ table: home.seats.buffer, seat })
        const reason = { _tag: "TooManyWaiters", waitersMax: seatsMax - 1 } as const
        return Effect.fail(new SyncError("ThreadSeats.open", reason))
      }),
    ({ seat }) => Effect.sync(() => table.home.leave(seat))
  )
})
