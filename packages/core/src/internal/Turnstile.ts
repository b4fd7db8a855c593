/**
 * At most so many at once, the others in line, and the line bounded: for what a host must not be
 * given too much of.
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { IoError } from "../IoError.ts"
import { Reason } from "../Reason.ts"
import type { HandleTable, OpeningAttempt } from "./HandleTable.ts"

/** Who may wait in one line. */
export const waitingMax = 10_000

/** What somebody waits for, as the loop lists it. */
export interface Purpose {
  readonly operation: string
  readonly address: string
}

export class Turnstile {
  readonly table: HandleTable
  readonly resource: string
  readonly insideMax: number
  inside = 0
  /** In the order in which they came. */
  readonly waiting = new Set<Place>()

  /** `resource` is what `ResourceExhausted` says when the line is full. */
  constructor(table: HandleTable, resource: string, insideMax: number) {
    this.table = table
    this.resource = resource
    this.insideMax = insideMax
  }

  /**
   * Runs `use` inside, once there is a place. The place is free again when `use` has ended, or, if
   * `use` kept it, when that is told `leave`. Who waits when the backend shuts down gets `Closed`.
   */
  within<A, R>(
    purpose: Purpose,
    use: (place: Place) => Effect.Effect<A, IoError, R>
  ): Effect.Effect<A, IoError, R> {
    return Effect.suspend(() => {
      const place = new Place(this)
      // A place may be given and not yet taken when the fiber is interrupted: leaving knows.
      return Effect.onExit(
        Effect.andThen(
          place.enter(purpose),
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
  private listed: OpeningAttempt | undefined

  constructor(turnstile: Turnstile) {
    this.turnstile = turnstile
  }

  enter({ address, operation }: Purpose): Effect.Effect<void, IoError> {
    return Effect.callback((resume) => {
      const fail = (reason: Reason) =>
        resume(Effect.fail(new IoError({ operation, reason, address })))
      const { inside, insideMax, resource, table, waiting } = this.turnstile
      if (table.isShutDown) return fail(Reason.Closed())
      if (inside < insideMax) {
        this.turnstile.inside++
        this.state = "inside"
        return resume(Effect.void)
      }
      if (waiting.size >= waitingMax) return fail(Reason.ResourceExhausted({ resource }))
      this.state = "waiting"
      // Not assigned as a literal: V8 makes such a closure in old space.
      const admitted = () => resume(Effect.void)
      this.onAdmitted = admitted
      const abort = () => fail(Reason.Closed())
      this.listed = { operation, address, fiberId: Fiber.getCurrent()?.id ?? 0, abort }
      waiting.add(this)
      table.attempts.add(this.listed)
    })
  }

  private unlist(): void {
    const { table, waiting } = this.turnstile
    waiting.delete(this)
    if (this.listed !== undefined) table.attempts.delete(this.listed)
  }

  /** Who used it goes, but the place stays taken until `leave`. */
  keep(): void {
    this.state = "kept"
  }

  /** Whoever used it is gone. */
  exit(): void {
    if (this.state === "waiting") this.unlist()
    if (this.state === "inside") this.leave()
  }

  /** The place is the next one's. Once. */
  leave(): void {
    this.state = "outside"
    const { waiting } = this.turnstile
    for (const next of waiting) {
      next.unlist()
      next.state = "inside"
      return next.onAdmitted()
    }
    this.turnstile.inside--
  }
}
