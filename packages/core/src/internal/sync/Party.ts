/** Who locks: a thread, or the loop for its fibers, by the name that it writes into locks. */
import type { SeatTable } from "./SeatTable.ts"
import { seatOf } from "./SeatTable.ts"

export class Party {
  readonly seats: SeatTable
  readonly id: number
  /** What it holds, in all locks; at the end of a task there should be none. */
  heldCount = 0
  private readonly wakeHome: () => void

  constructor(seats: SeatTable, id: number, wakeHome: () => void) {
    this.seats = seats
    this.id = id
    this.wakeHome = wakeHome
  }

  /** False once it counts as gone, though it may run on. */
  get isAlive(): boolean {
    return this.seats.isAlive(this.id)
  }

  /** Makes another one look. */
  wake(id: number): void {
    if (this.seats.isOnLoop(id)) this.wakeHome()
    else this.seats.unpark(seatOf(id))
  }

  /** Whoever sits there is gone. */
  bury(seat: number): void {
    this.seats.bury(seat)
    this.wakeHome()
  }
}
