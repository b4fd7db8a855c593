/** How an app's TCP server ends: it drains, and says how that went. */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { EventLoop, type TcpServer } from "@portico/core"

/**
 * Stops accepting, lets clients finish until the deadline, and logs how many did and how many
 * handles are left; `before` runs in between, for an app's own last words.
 */
export const drain = (
  server: TcpServer.TcpServer,
  deadline: Duration.Duration,
  before: Effect.Effect<void> = Effect.void
) =>
  Effect.gen(function* () {
    yield* Effect.log(`draining connections=${yield* server.connections}`)
    const { finished, interrupted, left } = yield* server.drain({ deadline })
    const { length } = yield* EventLoop.EventLoop.use(({ handles }) => handles)
    yield* before
    yield* Effect.log(
      `drained finished=${finished} interrupted=${interrupted} left=${left} handles=${length}`
    )
  })
