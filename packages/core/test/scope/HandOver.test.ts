/**
 * Between an effect and what may cut it short no value is lost: run in steps, with a cut between
 * any two of them, what was taken comes out, and what does not come out was not taken.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type { SchedulerDispatcher } from "effect/Scheduler"
import { describe, expect, it } from "vitest"
import * as Deadline from "../../src/Deadline.ts"
import { MovableDeadline } from "../../src/MovableDeadline.ts"
import * as SoftCancel from "../../src/SoftCancel.ts"
import { ManualClock } from "../scripted/ManualClock.ts"
import { stepsMax, StepScheduler, steps } from "../scripted/StepScheduler.ts"

/** Something that can be taken once, in one operation, as the bytes of a stream. */
class Source {
  taken = 0
  got = 0
  readonly read = Effect.andThen(
    Effect.void,
    Effect.sync(() => ++this.taken)
  )
  readonly use = (value: number): number => (this.got = value)
}

/** A queue for each fiber, as in Effect's own; those of older fibers, so of outer ones, first. */
class OldestFirst extends StepScheduler {
  private readonly queues: Array<Array<() => void>> = []
  private isOurStep = false

  override shouldYield({ currentOpCount }: Fiber.Fiber<unknown, unknown>): boolean {
    return currentOpCount > 2 || (currentOpCount === 1 && !this.isOurStep)
  }

  override makeDispatcher(): SchedulerDispatcher {
    const queue: Array<() => void> = []
    this.queues.push(queue)
    return { scheduleTask: (task) => void queue.push(task), flush: () => {} }
  }

  override step(): boolean {
    const task = this.queues.find((queue) => queue.length > 0)?.shift()
    this.isOurStep = task !== undefined
    task?.()
    this.isOurStep = false
    return task !== undefined
  }
}

class World {
  readonly clock = new ManualClock()
  readonly source = new Source()
  private readonly scheduler: StepScheduler

  constructor(scheduler = new StepScheduler()) {
    this.scheduler = scheduler
  }

  start<A, E>(effect: Effect.Effect<A, E>): Fiber.Fiber<A, E> {
    const onClock = Effect.provideService(effect, Clock.Clock, this.clock)
    return Effect.runFork(onClock, { scheduler: this.scheduler })
  }

  steps(count: number): void {
    for (let step = 0; step < count; step++) this.scheduler.step()
  }

  end<A, E>(fiber: Fiber.Fiber<A, E>): Exit.Exit<A, E> {
    while (this.scheduler.step());
    return fiber.pollUnsafe()!
  }
}

const never = () => new MovableDeadline(Deadline.infinite)

/** Whether the value came out, for a cut after each number of steps. */
const outcomes = (check: (world: World, after: number) => boolean): ReadonlyArray<boolean> =>
  steps.map((after) => check(new World(), after))

const cutsAtBothEnds = (came: ReadonlyArray<boolean>): void => {
  expect(came.includes(false)).toBe(true)
  expect(came.at(-1)).toBe(true)
  expect(came.toSorted((a, b) => Number(a) - Number(b))).toEqual(came)
}

describe("a value is taken and comes out, or neither", () => {
  it("under a deadline", () => {
    cutsAtBothEnds(
      outcomes((world, after) => {
        const deadline = never()
        const fiber = world.start(Deadline.within(world.source.read, deadline))
        world.steps(after)
        deadline.moveUnsafe(0n, world.clock)
        const exit = world.end(fiber)
        expect(exit._tag === "Success").toBe(world.source.taken === 1)
        return exit._tag === "Success"
      })
    )
  })

  it("under a deadline, from a fiber that has children", () => {
    cutsAtBothEnds(
      outcomes((world, after) => {
        const deadline = never()
        const cleanup = Effect.andThen(Effect.void, Effect.void)
        const child = Effect.onInterrupt(Effect.never, () => cleanup)
        const body = Effect.andThen(Effect.forkChild(child), world.source.read)
        const fiber = world.start(Deadline.within(body, deadline))
        world.steps(after)
        deadline.moveUnsafe(0n, world.clock)
        const exit = world.end(fiber)
        expect(exit._tag === "Success").toBe(world.source.taken === 1)
        return exit._tag === "Success"
      })
    )
  })

  it("until a request to stop", () => {
    cutsAtBothEnds(
      outcomes((world, after) => {
        let region: SoftCancel.SoftCancel | undefined
        const fiber = world.start(
          SoftCancel.run((self) => {
            region = self
            return SoftCancel.untilRequested(world.source.read)
          })
        )
        while (region === undefined) world.steps(1)
        world.steps(after)
        const request = world.start(region.request())
        const exit = world.end(fiber)
        expect(request.pollUnsafe()?._tag).toBe("Success")
        const came = exit._tag === "Success" && Option.isSome(exit.value)
        expect([exit._tag, came]).toEqual(["Success", world.source.taken === 1])
        return came
      })
    )
  })
})

describe("a value is taken and gets to what follows, or neither", () => {
  it("under a deadline inside the one that comes", () => {
    cutsAtBothEnds(
      outcomes((world, after) => {
        const { source } = world
        const outer = never()
        const inner = Effect.map(Deadline.within(source.read, never()), source.use)
        const fiber = world.start(Deadline.within(inner, outer))
        world.steps(after)
        outer.moveUnsafe(0n, world.clock)
        world.end(fiber)
        expect(source.got).toBe(source.taken)
        return source.got === 1
      })
    )
  })

  it("and what follows is interrupted all the same", () => {
    const cuts = steps.map((after) => {
      const world = new World()
      const { source } = world
      const outer = never()
      const inner = Effect.andThen(
        Effect.map(Deadline.within(source.read, never()), source.use),
        Effect.never
      )
      const fiber = world.start(Deadline.within(inner, outer))
      world.steps(after)
      outer.moveUnsafe(0n, world.clock)
      expect(world.end(fiber)).toMatchObject({ cause: { reasons: [{ _tag: "Fail" }] } })
      expect(source.got).toBe(source.taken)
      return source.got
    })
    expect(new Set(cuts)).toEqual(new Set([0, 1]))
  })
})

describe("a value that somebody else handed over", () => {
  /** Starts `within` a wait, hands a value over, cuts after some steps; whether it came out. */
  const handingOver = (cutsOuter: boolean, scheduler?: () => StepScheduler) =>
    steps.map((after) => {
      const world = new World(scheduler?.())
      const { source } = world
      let wake: ((value: Effect.Effect<number>) => void) | undefined
      const waiting = Effect.callback<number>((resume) => void (wake = resume))
      const [inner, outer] = [never(), never()]
      const received = Effect.map(Deadline.within(waiting, inner), source.use)
      const fiber = world.start(Deadline.within(received, outer))
      while (wake === undefined) world.steps(1)
      wake(Effect.succeed(1))
      world.steps(after)
      const cut = cutsOuter ? outer : inner
      cut.moveUnsafe(0n, world.clock)
      world.end(fiber)
      return source.got === 1
    })

  it("comes out, though its fiber's resume was put off until after the cut", () => {
    expect(handingOver(false)).toEqual(steps.map(() => true))
    expect(handingOver(true)).toEqual(steps.map(() => true))
    expect(handingOver(true, () => new OldestFirst())).toEqual(steps.map(() => true))
  })
})

it("looks at more steps than any of these takes", () => {
  const world = new World()
  const inner = Deadline.within(world.source.read, never())
  const fiber = world.start(Deadline.within(inner, never()))
  world.steps(stepsMax)
  expect(fiber.pollUnsafe()?._tag).toBe("Success")
})
