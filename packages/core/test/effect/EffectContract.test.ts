/**
 * What core leans on in Effect without Effect's promising it. When a new version of Effect fails
 * here, read what is said before each group, then that part of core.
 */
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Effectable from "effect/Effectable"
import * as Fiber from "effect/Fiber"
import type { Scheduler } from "effect/Scheduler"
import { describe, expect, it } from "vitest"

/** Notes the number of every operation that the run loop is about to run. */
const counting = () => {
  const operations: Array<number> = []
  const scheduler: Scheduler = {
    executionMode: "async",
    shouldYield: ({ currentOpCount }) => {
      operations.push(currentOpCount)
      return false
    },
    makeDispatcher: () => ({ scheduleTask: (task) => task(), flush: () => {} })
  }
  return { operations, scheduler }
}

describe("Effectable.Class (every operation of a stream)", () => {
  class Counter extends Effectable.Class<number> {
    count = 0
    override asEffect(): Effect.Effect<number> {
      return Effect.succeed(++this.count)
    }
  }

  it("asks for its effect anew each time it is run, and not before", () => {
    const counter = new Counter()
    const twice = Effect.andThen(counter, counter)
    expect(counter.count).toBe(0)
    expect(Effect.runSync(twice)).toBe(2)
    const yielding = Effect.gen(function* () {
      return yield* counter
    })
    expect(Effect.runSync(yielding)).toBe(3)
  })

  it("can be resumed with, and a throw in it is a defect of the fiber", () => {
    class Thrower extends Effectable.Class<never> {
      override asEffect(): Effect.Effect<never> {
        throw new Error("in asEffect")
      }
    }
    const counter = new Counter()
    expect(Effect.runSync(Effect.callback<number>((resume) => resume(counter)))).toBe(1)
    expect(Effect.runSyncExit(new Thrower())).toMatchObject({
      cause: { reasons: [{ _tag: "Die" }] }
    })
  })
})

describe("Effect.sync (handing bytes over)", () => {
  it("gives its value to the continuation without an operation between", () => {
    const { operations, scheduler } = counting()
    const seen: Array<number> = []
    // Whatever the count was: the run loop may yield only where it looks.
    for (let before = 0; before < 70; before++) {
      let program: Effect.Effect<unknown> = Effect.sync(() => seen.push(operations.length))
      program = Effect.flatMap(program, () => Effect.succeed(seen.push(operations.length)))
      for (let index = 0; index < before; index++) program = Effect.andThen(Effect.void, program)
      Effect.runFork(program, { scheduler })
      expect(seen.at(-1)).toBe(seen.at(-2))
    }
  })

  it("gives it through `map` and to a generator as well", () => {
    const { operations, scheduler } = counting()
    const seen: Array<number> = []
    const take = Effect.sync(() => seen.push(operations.length))
    Effect.runFork(
      Effect.map(take, () => seen.push(operations.length)),
      { scheduler }
    )
    Effect.runFork(
      Effect.gen(function* () {
        yield* take
        seen.push(operations.length)
      }),
      { scheduler }
    )
    expect(seen[1]).toBe(seen[0])
    expect(seen[3]).toBe(seen[2])
  })

  it("gives it through a handler of failures as well, which a throw in it reaches", () => {
    const { operations, scheduler } = counting()
    const seen: Array<number> = []
    const late = new Error("late")
    let isLate = false
    const take = Effect.sync(() => {
      if (isLate) throw late
      return seen.push(operations.length)
    })
    const retried = Effect.catchCause(take, (cause) =>
      Effect.succeed(cause.reasons.map((reason) => Cause.isDieReason(reason) && reason.defect))
    )
    Effect.runFork(
      Effect.map(retried, () => seen.push(operations.length)),
      { scheduler }
    )
    expect(seen[1]).toBe(seen[0])
    isLate = true
    expect(Effect.runSync(retried)).toEqual([late])
  })
})

describe("Effect.callback (every wait)", () => {
  const waiting = (cleaned: Array<string>) => {
    let wake: ((effect: Effect.Effect<string>) => void) | undefined
    const effect = Effect.callback<string>((resume) => {
      wake = resume
      return Effect.sync(() => void cleaned.push("cleaned"))
    })
    return { effect, wake: (value: Effect.Effect<string>) => wake?.(value) }
  }

  it("runs its cleanup when it is interrupted, once", () => {
    const cleaned: Array<string> = []
    const fiber = Effect.runFork(waiting(cleaned).effect)
    fiber.interruptUnsafe()
    fiber.interruptUnsafe()
    expect(cleaned).toEqual(["cleaned"])
  })

  it("runs no cleanup when it is resumed, with a value or a failure", () => {
    const cleaned: Array<string> = []
    const { effect, wake } = waiting(cleaned)
    const fiber = Effect.runFork(effect)
    wake(Effect.succeed("value"))
    expect(fiber.pollUnsafe()).toMatchObject({ _tag: "Success", value: "value" })
    const failing = waiting(cleaned)
    const failed = Effect.runFork(failing.effect)
    failing.wake(Effect.die("failure"))
    expect(failed.pollUnsafe()?._tag).toBe("Failure")
    expect(cleaned).toEqual([])
  })

  it("resumes inline: what follows has run when `resume` returns", () => {
    const seen: Array<string> = []
    const { effect, wake } = waiting([])
    Effect.runFork(Effect.map(effect, (value) => void seen.push(value)))
    wake(Effect.succeed("value"))
    expect(seen).toEqual(["value"])
  })

  it("is resumed once: later calls and calls after an interruption change nothing", () => {
    const { effect, wake } = waiting([])
    const fiber = Effect.runFork(Effect.andThen(effect, Effect.never))
    wake(Effect.succeed("first"))
    wake(Effect.die("second"))
    expect(fiber.pollUnsafe()).toBeUndefined()
    fiber.interruptUnsafe()
    wake(Effect.die("third"))
    expect(fiber.pollUnsafe()).toMatchObject({ cause: { reasons: [{ _tag: "Interrupt" }] } })
  })

  it("registers in the operation it is, and names the running fiber", () => {
    let id: number | undefined
    const fiber = Effect.runFork(
      Effect.callback<void>(() => {
        id = Fiber.getCurrent()?.id
      })
    )
    expect(id).toBe(fiber.id)
    fiber.interruptUnsafe()
  })

  it("runs its cleanup in the fiber that is interrupted", () => {
    let id: number | undefined
    const fiber = Effect.runFork(
      Effect.callback<void>(() => Effect.sync(() => (id = Fiber.getCurrent()?.id)))
    )
    fiber.interruptUnsafe()
    expect(id).toBe(fiber.id)
  })
})

describe("Effect.runForkWith (every handler)", () => {
  it("runs inline until the first suspension", () => {
    const seen: Array<string> = []
    const deferred = Deferred.makeUnsafe<void>()
    Effect.runForkWith(Context.empty())(
      Effect.gen(function* () {
        seen.push("begun")
        yield* Effect.void
        seen.push("before")
        yield* Deferred.await(deferred)
        seen.push("after")
      })
    )
    expect(seen).toEqual(["begun", "before"])
    Deferred.doneUnsafe(deferred, Effect.void)
    expect(seen).toEqual(["begun", "before", "after"])
  })

  it("tells observers of the exit, at the exit, in order, and late ones at once", () => {
    const seen: Array<string> = []
    const deferred = Deferred.makeUnsafe<string>()
    const fiber = Effect.runForkWith(Context.empty())(Deferred.await(deferred))
    fiber.addObserver((exit) => seen.push(`first ${exit._tag}`))
    fiber.addObserver((exit) => seen.push(`second ${exit._tag}`))
    expect(seen).toEqual([])
    Deferred.doneUnsafe(deferred, Effect.succeed("value"))
    expect(seen).toEqual(["first Success", "second Success"])
    fiber.addObserver((exit) => seen.push(`late ${exit._tag}`))
    expect(seen.at(-1)).toBe("late Success")
    expect(fiber.pollUnsafe()).toMatchObject({ value: "value" })
  })

  it("tells them of an interruption that came before the first suspension ended", () => {
    const seen: Array<string> = []
    const fiber = Effect.runForkWith(Context.empty())(Effect.never)
    fiber.addObserver((exit) => seen.push(exit._tag))
    fiber.interruptUnsafe()
    expect(seen).toEqual(["Failure"])
  })
})

describe("Effect.uninterruptibleMask (every scoped opening)", () => {
  it("takes a value from its restored part although an interruption is on its way", () => {
    const seen: Array<string> = []
    let wake: ((effect: Effect.Effect<string>) => void) | undefined
    const acquire = Effect.callback<string>((resume) => void (wake = resume))
    const fiber = Effect.runFork(
      Effect.uninterruptibleMask((restore) =>
        Effect.map(restore(acquire), (value) => {
          seen.push(value)
          fiber.interruptUnsafe()
          return value
        })
      ).pipe(Effect.andThen(Effect.sync(() => seen.push("never"))))
    )
    wake?.(Effect.succeed("opened"))
    expect(seen).toEqual(["opened"])
    expect(fiber.pollUnsafe()?._tag).toBe("Failure")
  })
})

describe("Effect.uninterruptibleMask (whether a region's fiber can be interrupted)", () => {
  const restores = Effect.uninterruptibleMask((restore) =>
    Effect.succeed(restore === Effect.interruptible)
  )

  it("restores with `interruptible` where it can, and with nothing where it cannot", () => {
    expect(Effect.runSync(restores)).toBe(true)
    expect(Effect.runSync(Effect.uninterruptible(restores))).toBe(false)
    expect(Effect.runSync(Effect.uninterruptible(Effect.interruptible(restores)))).toBe(true)
  })
})

describe("Fiber.currentDispatcher (the interruption of a region)", () => {
  it("runs a task after the resume of its fiber that was put off before", () => {
    const seen: Array<string> = []
    const tasks: Array<() => void> = []
    let isPuttingOff = false
    const scheduler: Scheduler = {
      executionMode: "async",
      shouldYield: ({ currentOpCount }) => isPuttingOff && currentOpCount === 1,
      makeDispatcher: () => ({ scheduleTask: (task) => void tasks.push(task), flush: () => {} })
    }
    let wake: ((effect: Effect.Effect<string>) => void) | undefined
    const waiting = Effect.callback<string>((resume) => void (wake = resume))
    const fiber = Effect.runFork(
      Effect.map(waiting, (value) => void seen.push(value)),
      { scheduler }
    )
    isPuttingOff = true
    wake?.(Effect.succeed("resumed"))
    fiber.currentDispatcher.scheduleTask(() => seen.push("task"), 0)
    expect(seen).toEqual([])
    isPuttingOff = false
    for (const task of tasks) task()
    expect(seen).toEqual(["resumed", "task"])
  })
})
