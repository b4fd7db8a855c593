/** One run through the parts of a shutdown: a fiber of its own, whose report all are given. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { MovableDeadline } from "../../MovableDeadline.ts"
import { make, type PartReport, type ShutdownReport } from "../../ShutdownReport.ts"
import { FixedDeadline } from "./FixedDeadline.ts"
import type { AnyFiber } from "./Inside.ts"
import { Current } from "./Region.ts"
import { type Allotment, type StoppablePart, stopPart } from "./stopPart.ts"

/** Groups one after the other, the parts of a group at the same time. */
export type Groups = ReadonlyArray<ReadonlyArray<StoppablePart>>

export class ShutdownRun {
  private readonly clock: Clock.Clock
  private readonly began: bigint
  private readonly allotment: Allotment
  private readonly report: Deferred.Deferred<ShutdownReport> = Deferred.makeUnsafe()
  private isHastened = false

  /** Begins at once. What encloses `fiber` does not reach the parts. */
  constructor(fiber: AnyFiber, groups: Groups, totalNanos: bigint, graceNanos: bigint) {
    this.clock = fiber.getRef(Clock.Clock)
    this.began = this.clock.monotonicTimeNanosUnsafe()
    const endNanos = this.began + totalNanos
    this.allotment = {
      working: new MovableDeadline(new FixedDeadline(endNanos - graceNanos, "total")),
      isHastened: () => this.isHastened,
      graceNanos,
      endNanos
    }
    const context = Context.add(fiber.context, Current, undefined)
    const running = Effect.runForkWith(context)(this.steps(groups))
    running.addObserver((exit) => Deferred.doneUnsafe(this.report, exit))
  }

  /** Interrupted, it hastens the parts and waits for the end. */
  get awaitReport(): Effect.Effect<ShutdownReport> {
    const report = Deferred.await(this.report)
    return Effect.onInterrupt(report, () => {
      this.isHastened = true
      this.allotment.working.moveUnsafe(this.clock.monotonicTimeNanosUnsafe(), this.clock)
      return Effect.asVoid(report)
    })
  }

  private steps(groups: Groups): Effect.Effect<ShutdownReport> {
    return Effect.gen({ self: this }, function* () {
      const parts: Array<PartReport> = []
      for (const [index, group] of groups.entries()) {
        const turns = groups.length - index
        const stops = group.map((part) => stopPart(part, this.allotment, turns))
        parts.push(...(yield* Effect.all(stops, { concurrency: "unbounded" })))
      }
      return make(parts, Duration.nanos(this.clock.monotonicTimeNanosUnsafe() - this.began))
    })
  }
}
