/**
 * What an accept loop does when descriptors ran out: waits, longer each time, and says so once.
 */
import * as Effect from "effect/Effect"
import type { IoError } from "../../IoError.ts"

const firstMillis = 5
const lastMillis = 1000

export class AcceptBackOff {
  /** Times it waited, over the server's life. */
  count = 0
  private millis = firstMillis
  private isEpisode = false

  /** Waits its turn; logs at the start of an episode. */
  wait(error: IoError): Effect.Effect<void> {
    const isFirst = !this.isEpisode
    const pause = Effect.sleep(this.millis)
    this.isEpisode = true
    this.count++
    this.millis = Math.min(this.millis * 2, lastMillis)
    if (!isFirst) return pause
    return Effect.andThen(Effect.logWarning("Accepting pauses and retries:", error.message), pause)
  }

  /** A connection was accepted: the episode is over. */
  recovered(): void {
    this.isEpisode = false
    this.millis = firstMillis
  }
}
