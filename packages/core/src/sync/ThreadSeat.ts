/**
 * A thread's place among those that share locks. Needs no Effect.
 *
 * Whoever holds a lock is named in it by his seat, so that a thread that ends with a lock is told
 * from one that takes its time. Threads of a lane have a seat. A thread that the program started
 * itself is given one: `ThreadSeats.open` in the program, `sit` in the thread.
 */
import { Party } from "../internal/sync/Party.ts"
import { seatOf, SeatTable } from "../internal/sync/SeatTable.ts"

/** Names a seat; may be posted to the thread that is to sit there. */
export interface SeatTicket {
  readonly table: SharedArrayBuffer
  readonly seat: number
}

/** Who sits in this thread. */
let seated: { party: Party; readonly nowMillis: () => number } | undefined

const partyAt = (seats: SeatTable, seat: number): Party =>
  new Party(seats, seats.idAt(seat), () => seats.wakeHome())

/**
 * This thread sits there from now on. `nowMillis` measures how long it waits: milliseconds from
 * any point, such as `performance.now()`.
 */
export const sit = (ticket: SeatTicket, nowMillis: () => number): void => {
  seated = { party: partyAt(new SeatTable(ticket.table), ticket.seat), nowMillis }
}

/** For locks: who sits in this thread; undefined where nobody does, as on the loop's thread. */
export const currentUnsafe = (): typeof seated => seated

/**
 * For backends: the task that ran in this thread has ended. What it did not release is broken from
 * now on, and the next task is somebody else.
 */
export const endTaskUnsafe = (): void => {
  if (seated === undefined || seated.party.heldCount === 0) return
  const { id, seats } = seated.party
  const seat = seatOf(id)
  seated.party.bury(seat)
  seated.party = partyAt(seats, seat)
}
