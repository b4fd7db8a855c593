/** Permits of a shared lock, for fibers: asked for, waited for and given back as effects. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { CurrentSeat } from "../../sync/CurrentSeat.ts"
import { SyncError } from "../../sync/SyncError.ts"
import { Broken, Closed, NoSeat, type SyncReason } from "../../sync/SyncReason.ts"
import type { Home } from "./Home.ts"
import { loopWait } from "./loopWait.ts"
import type { Monitor } from "./Monitor.ts"
import { inPlace } from "./MonitorMemory.ts"
import type { Party } from "./Party.ts"
import { releasePermits } from "./permits.ts"

/** What somebody has of a lock, from asking for it to giving it back. */
export class Engagement {
  readonly party: Party
  readonly fiberId: number
  /** -1 before and after. */
  place = -1
  /** It is somebody else's once this is not its ticket any more. */
  ticket = 0

  constructor(party: Party, fiberId: number) {
    this.party = party
    this.fiberId = fiberId
  }
}

const give = <A>(reason: SyncReason | A, operation: string): Effect.Effect<A, SyncError> =>
  typeof reason === "object" && reason !== null && "_tag" in reason
    ? Effect.fail(new SyncError(operation, reason as SyncReason))
    : Effect.succeed(reason as A)

export class SharedPermits {
  readonly home: Home
  readonly monitor: Monitor

  constructor(home: Home, monitor: Monitor) {
    this.home = home
    this.monitor = monitor
  }

  /** Who asks: the fiber that runs. */
  engage(operation: string): Effect.Effect<Engagement, SyncError> {
    return Effect.withFiber((fiber) => {
      const party = this.home.find(fiber.getRef(CurrentSeat))
      return party === undefined
        ? Effect.fail(new SyncError(operation, NoSeat))
        : Effect.succeed(new Engagement(party, fiber.id))
    })
  }

  /**
   * One change in the guard. While another thread has that, which is for less than a microsecond
   * unless the host stopped it there, the loop goes on and it is tried again.
   */
  changing<A extends number | boolean | void>(
    party: Party,
    operation: string,
    change: () => A | SyncReason
  ): Effect.Effect<A, SyncError> {
    const { monitor } = this
    return Effect.suspend(() => {
      if (!party.isAlive) return Effect.fail(new SyncError(operation, Closed))
      if (!monitor.tryEnter(party)) {
        return Effect.andThen(Effect.yieldNow, this.changing(party, operation, change))
      }
      try {
        return give(change(), operation)
      } finally {
        monitor.exit(party)
      }
    })
  }

  /** Waits until `isOver`. Interrupted, it has changed nothing. */
  waiting(party: Party, operation: string, isOver: () => boolean): Effect.Effect<void, SyncError> {
    const { home, monitor } = this
    return loopWait(home, () => {
      if (isOver()) return Effect.void
      if (monitor.isBroken) return Effect.fail(new SyncError(operation, Broken))
      if (home.isClosed) return Effect.fail(new SyncError(operation, Closed))
      if (monitor.isUnseen(party)) {
        // Somebody died: whoever looks first sees to it, and then all look again.
        if (monitor.tryEnter(party)) monitor.exit(party)
        home.wake()
      }
      return undefined
    })
  }

  private noted(one: Engagement, place: number | SyncReason): number | SyncReason {
    if (typeof place !== "number" || place < 0) return place
    one.place = place
    one.ticket = this.monitor.memory.read(place, inPlace.ticket)
    return place
  }

  /** Gets `amount` permits. Interrupted or failed, `leave` has to follow. */
  acquire(one: Engagement, operation: string, amount: number): Effect.Effect<void, SyncError> {
    const { monitor } = this
    const { fiberId, party } = one
    const ask = this.changing(party, operation, () => {
      return this.noted(one, monitor.acquire(party, fiberId, amount))
    })
    return Effect.flatMap(ask, (place) =>
      monitor.take(party, place)
        ? Effect.void
        : this.waiting(party, operation, () => monitor.take(party, place))
    )
  }

  /** Whatever it has, or waits for. Idempotent. */
  leave(one: Engagement): Effect.Effect<void> {
    const { monitor } = this
    return Effect.suspend(() => {
      const { party, place } = one
      // Whoever ended with it left it to others to see that.
      if (place < 0 || !party.isAlive) return Effect.void
      const leave = this.changing(party, "leave", () => {
        one.place = -1
        // It may have been given back by `unlock` or `release`.
        const isMine = monitor.memory.read(place, inPlace.ticket) === one.ticket
        if (isMine) monitor.leave(party, place)
      })
      return Effect.orDie(leave)
    })
  }

  /** Runs `effect` with so many permits. */
  within<A, E, R>(
    operation: string,
    amount: number,
    effect: Effect.Effect<A, E, R>
  ): Effect.Effect<A, E | SyncError, R> {
    return Effect.flatMap(this.engage(operation), (one) =>
      // A permit may be granted and not yet taken when the fiber is interrupted: leaving knows.
      Effect.onExit(Effect.andThen(this.acquire(one, operation, amount), effect), () =>
        this.leave(one)
      )
    )
  }

  /** Gets permits until the scope ends, or the fiber gives them back. */
  keep(operation: string, amount: number): Effect.Effect<void, SyncError, Scope.Scope> {
    return Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(this.engage(operation), (one) => {
        const acquire = restore(this.acquire(one, operation, amount))
        return Effect.andThen(
          Effect.onError(acquire, () => this.leave(one)),
          Effect.addFinalizer(() => this.leave(one))
        )
      })
    )
  }

  /** The same if that takes no waiting; whether it did. */
  keptIfFree(operation: string, amount: number): Effect.Effect<boolean, SyncError, Scope.Scope> {
    const { monitor } = this
    return Effect.uninterruptible(
      Effect.flatMap(this.engage(operation), (one) => {
        const { fiberId, party } = one
        const ask = this.changing(party, operation, () => {
          const place = monitor.tryAcquire(party, fiberId, amount)
          if (typeof place === "number" && place >= 0) monitor.take(party, place)
          return this.noted(one, place)
        })
        return Effect.flatMap(ask, (place) =>
          place < 0
            ? Effect.succeed(false)
            : Effect.as(
                Effect.addFinalizer(() => this.leave(one)),
                true
              )
        )
      })
    )
  }

  /** Gives back what this fiber has. Fails with `NotOwner`. */
  giveBack(operation: string): Effect.Effect<void, SyncError> {
    const { monitor } = this
    return Effect.uninterruptible(
      Effect.flatMap(this.engage(operation), ({ fiberId, party }) =>
        Effect.asVoid(
          this.changing(party, operation, () => {
            return monitor.release(party, fiberId)
          })
        )
      )
    )
  }

  /** Gives back permits one by one, or adds some. */
  giveSome(operation: string, count: number): Effect.Effect<void, SyncError> {
    const { monitor } = this
    return Effect.uninterruptible(
      Effect.flatMap(this.engage(operation), ({ fiberId, party }) =>
        Effect.asVoid(
          this.changing(party, operation, () => {
            return releasePermits(monitor, party, fiberId, count)
          })
        )
      )
    )
  }
}
