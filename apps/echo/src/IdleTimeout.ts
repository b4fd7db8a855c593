/**
 * Closes the streams on which no byte moved, in either direction, for a whole period.
 *
 * One fiber and one timer watch all streams of a server: a message costs nothing, a stream one
 * entry in a map. A silent stream is closed after one period at least and five quarters at most.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { TcpStream } from "@portico/core"

const checksPerPeriod = 4

interface Seen {
  bytesMoved: number
  checksInSilence: number
}

export interface IdleTimeout {
  /** Watches `stream` until `use` ends. `use` is told as a stream's `close` tells it: `Closed`. */
  readonly watch: <A, E, R>(
    stream: TcpStream.TcpStream,
    use: Effect.Effect<A, E, R>
  ) => Effect.Effect<A, E, R>
}

/** Runs in the scope it is made in. */
export const make = Effect.fnUntraced(function* (
  period: Duration.Duration
): Effect.fn.Return<IdleTimeout, never, Scope.Scope> {
  const watched = new Map<TcpStream.TcpStream, Seen>()

  const isIdle = ([stream, seen]: readonly [TcpStream.TcpStream, Seen]): boolean => {
    const { bytesRead, bytesWritten } = stream.counters
    const bytesMoved = bytesRead + bytesWritten
    seen.checksInSilence = bytesMoved === seen.bytesMoved ? seen.checksInSilence + 1 : 0
    seen.bytesMoved = bytesMoved
    return seen.checksInSilence >= checksPerPeriod
  }

  const check = Effect.suspend(() =>
    Effect.forEach(Array.from(watched).filter(isIdle), ([stream]) => stream.close, {
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
    watch: (stream, use) =>
      Effect.suspend(() => {
        watched.set(stream, { bytesMoved: -1, checksInSilence: 0 })
        return Effect.ensuring(
          use,
          Effect.sync(() => watched.delete(stream))
        )
      })
  }
})
