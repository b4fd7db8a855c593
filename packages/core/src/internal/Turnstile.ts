/**
 * At most so many at once, the others in line, and the line bounded: for what a host must not be
 * given too much of.
 */
import * as Effect from "effect/Effect"
import { IoError } from "../IoError.ts"
import { Reason } from "../Reason.ts"

/** Who may wait in one line. */
export const waitingMax = 10_000

export class Turnstile {
  readonly resource: string
  readonly insideMax: number
  inside = 0
  /** In the order in which they came. */
  readonly waiting = new Set<Place>()

  /** `resource` is what `ResourceExhausted` says when the line is full. */
  constructor(resource: string, insideMax: number) {
    this.resource = resource
    this.insideMax = insideMax
  }

  /**
   * Runs `use` inside, once there is a place. The place is free again when `use` has ended, or, if
   * `use` kept it, when that is told `leave`.
   */
  within<A, R>(
    operation: string,
    use: (place: Place) => Effect.Effect<A, IoError, R>
  ): Effect.Effect<A, IoError, R> {
    return Effect.suspend(() => {
      const place = new Place(this)
      // A place may be given and not yet taken when the fiber is interrupted: leaving knows.
      return Effect.onExit(
        Effect.andThen(
          place.enter(operation),
          Effect.suspend(() => use(place))
        ),
        () => Effect.sync(() => place.exit())
      )
    })
  }
}

type PlaceState = "outside" | "waiting" | "inside" | "kept"

export class Place {
  private readonly turnstile: Turnstile
  private state: PlaceState = "outside"
  private onAdmitted: () => void = () => {}

  constructor(turnstile: Turnstile) {
    this.turnstile = turnstile
  }

  enter(operation: string): Effect.Effect<void, IoError> {
    return Effect.callback((resume) => {
      const { inside, insideMax, resource, waiting } = this.turnstile
      if (inside < insideMax) {
        this.turnstile.inside++
        this.state = "inside"
        return resume(Effect.void)
      }
      if (waiting.size >= waitingMax) {
        const reason = Reason.ResourceExhausted({ resource })
        return resume(Effect.fail(new IoError({ operation, reason })))
      }
      this.state = "waiting"
      this.onAdmitted = () => resume(Effect.void)
      waiting.add(this)
    })
  }

  /** Who used it goes, but the place stays taken until `leave`. */
  keep(): void {
    this.state = "kept"
  }

  /** Whoever used it is gone. */
  exit(): void {
    if (this.state === "waiting") this.turnstile.waiting.delete(this)
    if (this.state === "inside") this.leave()
  }

  /** The place is the next one's. Once. */
  leave(): void {
    this.state = "outside"
    const { waiting } = this.turnstile
    for (const next of waiting) {
      waiting.delete(next)
      next.state = "inside"
      return next.onAdmitted()
    }
    this.turnstile.inside--
  }
}
