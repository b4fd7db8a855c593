/** The parts of a shutdown, in the order in which they registered, and the run that stops them. */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Options, Part } from "../../Shutdown.ts"
import type { ShutdownReport } from "../../ShutdownReport.ts"
import * as DurationBounds from "../DurationBounds.ts"
import { Current } from "./Region.ts"
import { type Groups, ShutdownRun } from "./ShutdownRun.ts"
import type { StoppablePart } from "./stopPart.ts"

export class ShutdownSequence {
  private readonly totalNanos: bigint
  private readonly graceNanos: bigint
  private readonly stages: ReadonlyArray<string> | undefined
  private readonly parts: Array<StoppablePart> = []
  private running: ShutdownRun | undefined

  constructor({ interruptGrace, stages, total }: Options) {
    this.totalNanos = DurationBounds.nanosWithin(
      "A shutdown's total",
      total,
      1,
      DurationBounds.dayMillis
    )
    const totalMillis = Number(this.totalNanos) / 1e6
    const graceMillisMax = interruptGrace === undefined ? totalMillis / 2 : totalMillis
    const byDefault = Duration.toMillis(DurationBounds.interruptGrace)
    const grace = interruptGrace ?? Math.min(byDefault, graceMillisMax)
    this.graceNanos = DurationBounds.nanosWithin(
      "A shutdown's interruptGrace",
      grace,
      0,
      graceMillisMax
    )
    this.stages = stages
  }

  get isBegun(): boolean {
    return this.running !== undefined
  }

  register<E, R>({ name, stage, stop, timeout }: Part<E, R>): Effect.Effect<void, never, R> {
    return Effect.withFiber((fiber) => {
      this.checkStage(name, stage)
      const timeoutNanos =
        timeout === undefined
          ? this.totalNanos
          : DurationBounds.nanosWithin(
              `The timeout of ${name}`,
              timeout,
              0,
              DurationBounds.dayMillis
            )
      // Its deadlines are those of the shutdown, not those it was registered under.
      const context = Context.omit(Current)(fiber.context) as Context.Context<R>
      const provided = Effect.provideContext(stop, context)
      const part = { name, stage, stop: provided, timeoutNanos }
      if (this.isBegun) {
        const { graceNanos } = this
        const late = new ShutdownRun(fiber, [[part]], timeoutNanos + graceNanos, graceNanos)
        return Effect.asVoid(late.awaitReport)
      }
      this.parts.push(part)
      return Effect.void
    })
  }

  private checkStage(name: string, stage: string | undefined): void {
    const { stages } = this
    if (stages === undefined ? stage === undefined : stages.includes(stage ?? "")) return
    const known = stages === undefined ? "left out" : `one of ${stages.join(", ")}`
    throw new RangeError(`The stage of ${name} must be ${known}: ${stage ?? "none"}`)
  }

  /** Begins in the step that finds it has not, so that nobody waits for what nobody runs. */
  readonly run: Effect.Effect<ShutdownReport> = Effect.withFiber((fiber) => {
    const { graceNanos, totalNanos } = this
    this.running ??= new ShutdownRun(fiber, this.groups(), totalNanos, graceNanos)
    return this.running.awaitReport
  })

  private groups(): Groups {
    const { parts, stages } = this
    if (stages === undefined) return parts.toReversed().map((part) => [part])
    return stages.map((stage) => parts.filter((part) => part.stage === stage))
  }
}
