/**
 * The loop among those that share locks: its fibers wait here, without blocking its thread.
 *
 * Other threads wake the loop by one word (`LoopPort.openWakeUp`), and then each fiber that waits
 * looks at a word of its lock. In a world of one thread the same wake-up comes as a step of the
 * loop, so it is in the hands of the seed.
 */
import type { BackendPorts } from "../../Backend.ts"
import type { PortWakeUp } from "../../port/LoopPort.ts"
import { Party } from "./Party.ts"
import { seatsMax, SeatTable } from "./SeatTable.ts"

/** A fiber that waits; looks whether it need not any more. */
export interface LoopWait {
  readonly look: () => void
}

let lastTable = 0

export class Home {
  readonly seats: SeatTable
  readonly waits = new Set<LoopWait>()
  readonly party: Party
  private readonly ports: BackendPorts
  private readonly wakeUp: PortWakeUp
  private readonly freeSeats: Array<number> = []
  private seatsUsed = 1
  // By seat: of those whose fibers run on this loop.
  private readonly parties = new Map<number, Party>()
  isClosed = false

  constructor(ports: BackendPorts) {
    this.ports = ports
    this.seats = new SeatTable()
    this.seats.number = ++lastTable
    const { capabilities, loop } = ports
    const cell = capabilities.threads ? this.seats.buffer : undefined
    this.wakeUp = loop.openWakeUp(cell, () => this.look())
    // Whoever waits for a lock that nobody will release should be told so, not kept alive.
    this.wakeUp.setRef(false)
    this.party = this.partyAt(0, true)
  }

  readonly wake = (): void => this.wakeUp.wake()

  private partyAt(seat: number, isOnLoop: boolean): Party {
    const party = new Party(this.seats, this.seats.occupy(seat, isOnLoop), this.wake)
    if (isOnLoop) this.parties.set(seat, party)
    return party
  }

  /** Who this is, if it is somebody on this loop. */
  find(seat: number): Party | undefined {
    return this.parties.get(seat)
  }

  /** A seat that nobody has; undefined when all are taken. */
  open(): number | undefined {
    // Where there are no threads, whoever it is runs on this loop.
    const isOnLoop = !this.ports.capabilities.threads
    const seat = this.freeSeats.pop() ?? (this.seatsUsed < seatsMax ? this.seatsUsed++ : undefined)
    if (seat !== undefined) this.partyAt(seat, isOnLoop)
    return seat
  }

  /** A simulated thread's task is over: what it did not release is broken. */
  taskEnded(seat: number): void {
    if ((this.parties.get(seat)?.heldCount ?? 0) > 0) this.ended(seat)
  }

  /** Whoever sits there has ended, and holds what he holds for ever; the seat stays taken. */
  ended(seat: number): void {
    this.party.bury(seat)
    if (this.parties.has(seat)) this.partyAt(seat, true)
  }

  /** Whoever sat there has gone: what he holds is broken. */
  leave(seat: number): void {
    this.parties.delete(seat)
    this.party.bury(seat)
    this.freeSeats.push(seat)
  }

  private look(): void {
    if (this.waits.size === 0) return
    const { turn } = this.ports
    turn.enter()
    try {
      for (const wait of Array.from(this.waits)) wait.look()
    } finally {
      turn.leave()
    }
  }

  /** Whoever waits looks once more, and is told `Closed`. */
  close(): void {
    this.isClosed = true
    this.look()
    this.wakeUp.close()
  }
}
