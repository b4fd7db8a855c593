/** The ends of a `SharedByteRing` for a thread that may be blocked: no Effect, no event loop. */
import { isCancelled } from "../CancelFlag.ts"
import { type BlockingOptions, waitMaxMillisOf } from "../internal/sync/blocking.ts"
import type { Party } from "../internal/sync/Party.ts"
import { RingMemory, type Side } from "../internal/sync/RingMemory.ts"
import { seatOf } from "../internal/sync/SeatTable.ts"
import { SyncError } from "./SyncError.ts"
import { Broken, Cancelled, NoSeat, type SyncReason } from "./SyncReason.ts"
import * as ThreadSeat from "./ThreadSeat.ts"

class RingEnd {
  protected readonly memory: RingMemory
  private readonly side: Side

  constructor(cell: SharedArrayBuffer, side: Side) {
    this.memory = new RingMemory(cell)
    this.side = side
  }

  protected claim(operation: string): Party {
    const party = ThreadSeat.currentUnsafe()?.party
    const bad = party === undefined ? NoSeat : this.memory.claim(this.side, party)
    if (bad !== undefined) throw new SyncError(operation, bad)
    return party!
  }

  /** Blocks until there is something to do, or it has a problem. */
  protected block(
    party: Party,
    waitMaxMillis: number,
    problem: () => SyncReason | undefined
  ): SyncReason | undefined {
    const { memory, side } = this
    const seat = seatOf(party.id)
    const { nowMillis } = ThreadSeat.currentUnsafe()!
    const endMillis = nowMillis() + waitMaxMillis
    for (;;) {
      const count = party.seats.parkCount(seat)
      memory.wantWake(side)
      const failed = problem()
      // What came before the end, or the death, is there still.
      if (memory.ready(side) > 0 && side === "reader") return undefined
      if (failed !== undefined) return failed
      if (memory.ready(side) > 0) return undefined
      if (isCancelled()) return Cancelled
      const leftMillis = endMillis - nowMillis()
      if (leftMillis <= 0) return { _tag: "TimedOut", waitMaxMillis }
      party.seats.park(seat, count, leftMillis)
    }
  }

  /** Says that nothing more comes from this side. Idempotent. */
  close(): void {
    const party = ThreadSeat.currentUnsafe()?.party
    if (party !== undefined) this.memory.close(this.side, party, false)
  }
}

export class BlockingRingWriter extends RingEnd {
  /** Of the cell of a `SharedByteRing`. Throws a `TypeError` for another kind of memory. */
  constructor(cell: SharedArrayBuffer) {
    super(cell, "writer")
  }

  /**
   * Blocks until all bytes are in the ring. Throws a `SyncError`: `Broken` when the reader has
   * closed or died, `TimedOut` or `Cancelled` when there was no room for so long, and then some
   * bytes may be in; `AlreadyOwner` when another thread writes, `Closed` after `close`.
   */
  write(bytes: Uint8Array, options?: BlockingOptions): void {
    const operation = "BlockingRingWriter.write"
    const waitMaxMillis = waitMaxMillisOf(operation, options)
    const party = this.claim(operation)
    const { memory } = this
    // To a reader that has closed nothing goes, whether he meant to or not.
    const problem = () => (memory.problemOf("reader", party) === undefined ? undefined : Broken)
    for (let done = 0; done < bytes.length;) {
      const failed = this.block(party, waitMaxMillis, problem)
      if (failed !== undefined) throw new SyncError(operation, failed)
      done += memory.write(bytes, done, party)
    }
  }
}

export class BlockingRingReader extends RingEnd {
  /** Of the cell of a `SharedByteRing`. Throws a `TypeError` for another kind of memory. */
  constructor(cell: SharedArrayBuffer) {
    super(cell, "reader")
  }

  /**
   * Blocks until there is a byte, and reads what there is and fits; how many, 0 at the end. Throws
   * a `SyncError`: `Broken` when the writer has died, `TimedOut`, `Cancelled`, `AlreadyOwner`,
   * `Closed`; then nothing was read.
   */
  read(target: Uint8Array, options?: BlockingOptions): number {
    const operation = "BlockingRingReader.read"
    const waitMaxMillis = waitMaxMillisOf(operation, options)
    const party = this.claim(operation)
    const { memory } = this
    if (target.length === 0) return 0
    const failed = this.block(party, waitMaxMillis, () => memory.problemOf("writer", party))
    if (failed === undefined) return memory.read(target, party)
    if (failed._tag === "Closed") return 0
    throw new SyncError(operation, failed)
  }
}
