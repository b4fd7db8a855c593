/**
 * Bytes from one writer to one reader through shared memory, bounded: between a fiber and a thread,
 * two threads, or two fibers. Nothing is copied but into the ring and out of it.
 *
 * Whoever first writes is the writer, whoever first reads the reader. When one dies, or its task
 * ends before it has closed its side, the other is told `Broken`; a reader gets what was written
 * before.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Home } from "../internal/sync/Home.ts"
import { loopWait } from "../internal/sync/loopWait.ts"
import type { Party } from "../internal/sync/Party.ts"
import { RingMemory, type Side } from "../internal/sync/RingMemory.ts"
import { CurrentSeat } from "./CurrentSeat.ts"
import { SyncError } from "./SyncError.ts"
import { AlreadyOwner, Broken, Closed, NoSeat, outside, type SyncReason } from "./SyncReason.ts"
import { ThreadSeats } from "./ThreadSeats.ts"

export interface RingOptions {
  /** A power of two from 64 to 2^28. Default 65,536. */
  readonly capacityBytes?: number | undefined
}

export class SharedByteRing {
  /** For threads, where `BlockingRingWriter` or `BlockingRingReader` takes it. */
  readonly cell: SharedArrayBuffer
  private readonly memory: RingMemory
  private readonly home: Home
  /** Sides on which a fiber is at it. */
  private readonly busy = new Set<Side>()

  /** By `make` and `of`. */
  constructor(memory: RingMemory, home: Home) {
    this.memory = memory
    this.home = home
    this.cell = memory.words.buffer
  }

  /** Runs `use` as that side, one fiber at a time. */
  private as<A>(
    side: Side,
    operation: string,
    use: (party: Party) => Effect.Effect<A, SyncError>
  ): Effect.Effect<A, SyncError> {
    return Effect.withFiber((fiber) => {
      const party = this.home.find(fiber.getRef(CurrentSeat))
      const bad = party === undefined ? NoSeat : this.memory.claim(side, party)
      const reason = this.busy.has(side) ? AlreadyOwner : bad
      if (reason !== undefined) return Effect.fail(new SyncError(operation, reason))
      return use(party!)
    })
  }

  private awaitReady<A>(
    side: Side,
    operation: string,
    problem: () => SyncReason | undefined,
    ready: Effect.Effect<A, SyncError>
  ): Effect.Effect<A, SyncError> {
    const { busy, home, memory } = this
    const look = () => {
      memory.wantWake(side)
      const failed = problem()
      if (memory.ready(side) > 0 && (side === "reader" || failed === undefined)) {
        busy.delete(side)
        return ready
      }
      const reason = failed ?? (home.isClosed ? Closed : undefined)
      if (reason === undefined) return undefined
      busy.delete(side)
      return Effect.fail(new SyncError(operation, reason))
    }
    const onCancel = () => void busy.delete(side)
    return loopWait(home, look, { onBegin: () => void busy.add(side), onCancel })
  }

  /**
   * Succeeds when all bytes are in the ring. Fails with `Broken` when the reader has closed or
   * died, `AlreadyOwner` when another fiber or thread writes, `Closed` after `closeWriter`.
   * Interrupted when some bytes are in, it breaks the ring: half a message must not be followed by
   * another. Interrupted before, it has written nothing.
   */
  write(bytes: Uint8Array): Effect.Effect<void, SyncError> {
    const operation = "SharedByteRing.write"
    return this.as("writer", operation, (party) => {
      const { memory } = this
      let done = 0
      const problem = () => (memory.problemOf("reader", party) === undefined ? undefined : Broken)
      const step: Effect.Effect<void, SyncError> = Effect.suspend(() => {
        if (problem() !== undefined) return Effect.fail(new SyncError(operation, Broken))
        done += memory.write(bytes, done, party)
        return done === bytes.length
          ? Effect.void
          : this.awaitReady("writer", operation, problem, step)
      })
      return Effect.onInterrupt(step, () =>
        Effect.sync(() => {
          if (done > 0 && done < bytes.length) memory.close("writer", party, true)
        })
      )
    })
  }

  /**
   * The next bytes, at most `bytesMax`, in memory of their own; none at the end. Waits for one byte
   * at least. Fails with `Broken` when the writer has died, `AlreadyOwner` when another fiber or
   * thread reads, `Closed` after `closeReader`. Interrupted, it has read nothing.
   */
  read(bytesMax = 65_536): Effect.Effect<Option.Option<Uint8Array>, SyncError> {
    const operation = "SharedByteRing.read"
    return this.as("reader", operation, (party) => {
      const { memory } = this
      const bad = outside("bytesMax", bytesMax, 1, 2 ** 28)
      if (bad !== undefined) return Effect.fail(new SyncError(operation, bad))
      const take = Effect.sync(() => {
        const target = new Uint8Array(Math.min(bytesMax, memory.ready("reader")))
        memory.read(target, party)
        return Option.some(target)
      })
      if (memory.ready("reader") > 0) return take
      const problem = () => memory.problemOf("writer", party)
      return Effect.catchIf(
        this.awaitReady("reader", operation, problem, take),
        ({ reason }) => reason._tag === "Closed" && problem()?._tag === "Closed",
        () => Effect.succeedNone
      )
    })
  }

  private close(side: Side): Effect.Effect<void> {
    return Effect.withFiber((fiber) =>
      Effect.sync(() => {
        const party = this.home.find(fiber.getRef(CurrentSeat))
        if (party !== undefined) this.memory.close(side, party, false)
      })
    )
  }

  /** The reader gets what is there, then the end. Idempotent. */
  get closeWriter(): Effect.Effect<void> {
    return this.close("writer")
  }

  /** The writer is told `Broken`. Idempotent. */
  get closeReader(): Effect.Effect<void> {
    return this.close("reader")
  }
}

/** An empty ring. Fails with `InvalidArgument`. */
export const make = (
  options: RingOptions = {}
): Effect.Effect<SharedByteRing, SyncError, ThreadSeats> =>
  ThreadSeats.use((seats) =>
    Effect.suspend(() => {
      const { capacityBytes = 65_536 } = options
      // By what it is the logarithm of, so that other numbers are none.
      const bad = outside("log2(capacityBytes)", Math.log2(capacityBytes), 6, 28)
      if (bad !== undefined) return Effect.fail(new SyncError("SharedByteRing.make", bad))
      const home = seats.homeUnsafe()
      return Effect.succeed(
        new SharedByteRing(RingMemory.make(capacityBytes, home.seats.number), home)
      )
    })
  )

/** The one that a cell is of. Dies with a `TypeError` for what is no ring's. */
export const of = (cell: SharedArrayBuffer): Effect.Effect<SharedByteRing, never, ThreadSeats> =>
  ThreadSeats.use((seats) =>
    Effect.sync(() => new SharedByteRing(new RingMemory(cell), seats.homeUnsafe()))
  )
