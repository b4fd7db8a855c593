/**
 * Ends what has moved no byte, in either direction, for a whole period: streams, tunnels.
 *
 * One fiber and one timer watch all of a server: a message costs nothing, a stream one entry in a
 * map. A silent one is ended after one period at least and five quarters at most.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { TcpStream } from "@portico/core"

const checksPerPeriod = 4

export interface Watched {
  /** A number that changes with every byte that moves. */
  readonly bytesMoved: () => number
  /** Ends it. */
  readonly expire: Effect.Effect<void>
}

interface Seen {
  bytesMoved: number
  checksInSilence: number
}

/** Of one stream, which is closed: whoever uses it is told so as by its `close`. */
export const ofStream = (stream: TcpStream.TcpStream): Watched => ({
  bytesMoved: () => stream.counters.bytesRead + stream.counters.bytesWritten,
  expire: stream.close
})

export interface IdleTimeout {
  /** Watches until `use` ends. */
  readonly watch: <A, E, R>(watched: Watched, use: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

/** Runs in the scope it is made in. */
export const make = Effect.fnUntraced(function* (
  period: Duration.Duration
): Effect.fn.Return<IdleTimeout, never, Scope.Scope> {
  const all = new Map<Watched, Seen>()

  const isIdle = ([watched, seen]: readonly [Watched, Seen]): boolean => {
    const bytesMoved = watched.bytesMoved()
    seen.checksInSilence = bytesMoved === seen.bytesMoved ? seen.checksInSilence + 1 : 0
    seen.bytesMoved = bytesMoved
    return seen.checksInSilence >= checksPerPeriod
  }

  const check = Effect.suspend(() =>
    Effect.forEach(Array.from(all).filter(isIdle), ([{ expire }]) => expire, {
      concurrency: "unbounded",
      discard: true
    })
  )

  yield* Effect.sleep(Duration.divideUnsafe(period, checksPerPeriod)).pipe(
    Effect.andThen(check),
    Effect.forever,
    Effect.forkScoped
  )

  return {
    watch: (watched, use) =>
      Effect.suspend(() => {
        all.set(watched, { bytesMoved: -1, checksInSilence: 0 })
        return Effect.ensuring(
          use,
          Effect.sync(() => all.delete(watched))
        )
      })
  }
})
