/** Turns and slices: their budgets, what arms them, and in which order they serve. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { HostScheduler } from "../../src/HostScheduler.ts"
import { LoopRig } from "./LoopRig.ts"

/** The scheduler's own: after so many steps in one millisecond it looks at the clock less often. */
const exactLooksMax = 1024

/** Uses up the looks that steps are timed with one by one. Takes no time. */
const exhaust = (rig: LoopRig): void => {
  const steps = Effect.forEach(Array.from({ length: exactLooksMax + 64 }), () => Effect.yieldNow)
  rig.run(steps)
  rig.settle()
}

describe("arming", () => {
  it("a program that never waits arms nothing", () => {
    const rig = new LoopRig()
    rig.run(Effect.forEach(Array.from({ length: 100 }), () => Effect.void))
    rig.runSoon()
    expect(rig.armed).toBe(0)
    expect(rig.snapshot).toMatchObject({ turns: 0, tasks: 0, callbacks: 1 })
  })

  it("what queues up arms one turn, however much it is", () => {
    const rig = new LoopRig()
    for (let index = 0; index < 10; index++) rig.run(Effect.yieldNow)
    expect(rig.armed).toBe(1)
    expect(rig.settle()).toBe(1)
    expect(rig.snapshot).toMatchObject({ turns: 1, tasks: 10, queueLength: 0 })
  })

  it("what is queued in a turn runs in it, and no further one is armed for it", () => {
    const rig = new LoopRig()
    const fiber = rig.run(Effect.forEach(Array.from({ length: 50 }), () => Effect.yieldNow))
    expect(rig.settle()).toBe(1)
    expect(fiber.pollUnsafe()?._tag).toBe("Success")
    expect(rig.armed).toBe(0)
    rig.run(Effect.yieldNow)
    expect(rig.settle()).toBe(1)
  })

  it("a turn that leaves something over arms the next, once", () => {
    const rig = new LoopRig()
    for (let index = 0; index < 4; index++) rig.run(Effect.andThen(Effect.yieldNow, rig.busy(2)))
    rig.runSoon()
    for (const left of [3, 2, 1, 0]) {
      expect(rig.armed).toBe(1)
      rig.loop.turn()
      expect(rig.snapshot.queueLength).toBe(left)
    }
    expect(rig.armed).toBe(0)
  })
})

describe("a turn's budget", () => {
  it("1 ms by default: the turn is over with the task that uses it up", () => {
    const rig = new LoopRig()
    for (let index = 0; index < 10; index++) {
      rig.run(Effect.andThen(Effect.yieldNow, rig.busy(0.25)))
    }
    rig.runSoon()
    rig.loop.turn()
    expect(rig.snapshot.queueLength).toBe(6)
    // Four in the next, and two in the last.
    expect(rig.settle()).toBe(2)
  })

  it.each([
    [2, 2],
    [0.5, 8],
    [0.6, 7]
  ])("with %d ms it leaves %d of ten tasks", (turnMillisMax, left) => {
    const rig = new LoopRig({ turnMillisMax })
    for (let index = 0; index < 10; index++) {
      rig.run(Effect.andThen(Effect.yieldNow, rig.busy(0.25)))
    }
    rig.runSoon()
    rig.loop.turn()
    expect(rig.snapshot.queueLength).toBe(left)
  })

  it("where looks are shared, it is over within sixteen tasks that follow quick ones", () => {
    const rig = new LoopRig()
    exhaust(rig)
    const before = rig.snapshot
    for (let index = 0; index < 40; index++) rig.run(Effect.andThen(Effect.yieldNow, rig.busy(2)))
    // All at the same time: no look can be earned in between.
    rig.runSoon()
    rig.loop.turn()
    const tasks = rig.snapshot.tasks - before.tasks
    expect(tasks).toBeGreaterThan(1)
    expect(tasks).toBeLessThanOrEqual(16)
  })

  it("and within eight that follow others", () => {
    const rig = new LoopRig()
    const tasks = (count: number, millis: number) => {
      for (let index = 0; index < count; index++)
        rig.scheduler.scheduleTask(() => void (rig.loop.millis += millis), 0)
    }
    tasks(40, 0.001)
    tasks(40, 0.5)
    rig.loop.turn()
    const { tasks: before } = rig.snapshot
    expect(before).toBe(40 + 16)
    rig.loop.turn()
    expect(rig.snapshot.tasks - before).toBe(8)
  })

  it("tasks that run no fiber are looked at, too", () => {
    const rig = new LoopRig()
    for (let index = 0; index < 40; index++) {
      rig.scheduler.scheduleTask(() => void (rig.loop.millis += 1), 0)
    }
    rig.loop.turn()
    expect(rig.snapshot.tasks).toBeLessThanOrEqual(8)
  })

  it("a quick turn serves everything: a thousand tasks, a look for each sixteen", () => {
    const rig = new LoopRig()
    exhaust(rig)
    for (let index = 0; index < 1000; index++) rig.run(Effect.yieldNow)
    rig.runSoon()
    const before = rig.loop.looks
    expect(rig.settle()).toBe(1)
    expect(rig.snapshot.queueLength).toBe(0)
    expect(rig.loop.looks - before).toBeLessThanOrEqual(1000 / 16 + 8)
  })
})

describe("a slice's budget", () => {
  it("a fiber that computes yields when 0.2 ms are over, and others run before it goes on", () => {
    const rig = new LoopRig()
    const computing = Effect.andThen(rig.computing(60, 0.01), rig.note("computed"))
    rig.run(Effect.andThen(Effect.yieldNow, computing))
    rig.run(Effect.andThen(Effect.yieldNow, rig.note("other")))
    rig.settle()
    expect(rig.log).toEqual(["other", "computed"])
    expect(rig.snapshot.slices).toBeGreaterThan(0)
  })

  // It counts from the first look, after 16 operations, and is looked at every 16: 0.16 ms.
  it.each([
    [0.2, 1],
    [0.05, 2],
    [0.33, 0]
  ])(
    "with %d ms, 60 operations of 0.01 ms are told to yield %d times",
    (sliceMillisMax, slices) => {
      const rig = new LoopRig({ sliceMillisMax, turnMillisMax: 1000 })
      rig.run(Effect.andThen(Effect.yieldNow, rig.computing(60, 0.01)))
      rig.settle()
      expect(rig.snapshot.slices).toBe(slices)
    }
  )

  it.each([
    [0, 256],
    [0.0001, 128]
  ])("of operations of %d ms each at most %d share a look", (millis, opsPerLook) => {
    const rig = new LoopRig({ sliceMillisMax: 0.2 })
    rig.run(Effect.andThen(Effect.yieldNow, rig.computing(1800, millis)))
    const { looks } = rig.loop
    rig.settle()
    // Those before it is so many, and the turn's own two.
    const atFirst = 6
    expect(rig.loop.looks - looks).toBeLessThanOrEqual(1800 / opsPerLook + atFirst)
    expect(rig.loop.looks - looks).toBeGreaterThanOrEqual(1800 / opsPerLook)
  })

  it("operations that are looked at one by one use up what times steps one by one", () => {
    const rig = new LoopRig()
    const ops = exactLooksMax * 16 + 1024
    rig.run(Effect.andThen(Effect.yieldNow, rig.computing(ops, 0)))
    for (let index = 0; index < 160; index++) rig.run(Effect.yieldNow)
    const { looks } = rig.loop
    rig.settle()
    expect(rig.loop.looks - looks).toBeLessThanOrEqual(ops / 256 + 160 / 16 + 16)
  })

  it("who used up its slice waits behind all who were woken or started, also later ones", () => {
    const rig = new LoopRig({ turnMillisMax: 1000 })
    const later = Effect.andThen(Effect.yieldNow, rig.note("started later"))
    const early = Effect.andThen(Effect.yieldNow, Effect.andThen(rig.note("early"), later))
    rig.run(Effect.andThen(rig.computing(60, 0.01), rig.note("computed")))
    rig.run(early)
    rig.settle()
    expect(rig.log).toEqual(["early", "started later", "computed"])
  })

  it("only the task of the fiber that was told to yield is spent, not the next one", () => {
    const rig = new LoopRig()
    rig.run(rig.computing(60, 0.01))
    rig.run(Effect.yieldNow)
    expect(rig.snapshot.queue).toEqual([{ priority: 0, fresh: 1, spent: 1 }])
  })

  it("the slice is the task's: whoever it wakes has no further one", () => {
    const rig = new LoopRig({ turnMillisMax: 1000 })
    const [woken] = rig.waiting(1, () => rig.computing(40, 0.01))
    const waker = Effect.andThen(
      rig.computing(19, 0.01),
      Effect.sync(() => woken!.wake())
    )
    rig.runSoon()
    rig.run(Effect.andThen(Effect.yieldNow, waker))
    rig.runSoon()
    rig.loop.turn()
    // Alone it would have run for its 0.2 ms and the 16 operations before its first look.
    expect(rig.snapshot.slices).toBe(1)
    expect(woken!.fiber.pollUnsafe()?._tag).toBe("Success")
  })
})

describe("order", () => {
  it("priorities hold across fibers, and equal ones keep their order", () => {
    const rig = new LoopRig()
    const at = (priority: number, name: string) =>
      rig.run(Effect.andThen(Effect.yieldNowWith(priority), rig.note(name)))
    at(10, "low")
    at(0, "first")
    at(-10, "high")
    at(0, "second")
    rig.settle()
    expect(rig.log).toEqual(["high", "first", "second", "low"])
  })

  it("forks start in the order in which they were forked", () => {
    const rig = new LoopRig()
    const names = ["a", "b", "c"]
    rig.run(
      Effect.flatMap(
        Effect.forEach(names, (name) => Effect.forkChild(rig.note(name))),
        Fiber.joinAll
      )
    )
    rig.settle()
    expect(rig.log).toEqual(names)
  })

  it("flush runs everything that waits, and what it queues, without the host", () => {
    const rig = new LoopRig()
    const fiber = rig.run(Effect.forEach(Array.from({ length: 100 }), () => Effect.yieldNow))
    rig.scheduler.flush()
    expect(fiber.pollUnsafe()?._tag).toBe("Success")
  })
})

describe("a task that throws", () => {
  it("costs no other task its run, and is thrown to the host", () => {
    const rig = new LoopRig()
    rig.run(Effect.andThen(Effect.yieldNow, rig.note("before")))
    rig.scheduler.scheduleTask(() => {
      throw new Error("a defect")
    }, 0)
    rig.run(Effect.andThen(Effect.yieldNow, rig.note("after")))
    rig.runSoon()
    expect(() => rig.loop.turn()).toThrow("a defect")
    expect(rig.log).toEqual(["before"])
    expect(rig.armed).toBe(1)
    rig.settle()
    expect(rig.log).toEqual(["before", "after"])
    expect(rig.snapshot).toMatchObject({ tasks: 3, turns: 2, queueLength: 0 })
  })

  it("alone in its turn leaves nothing armed, and the next task arms anew", () => {
    const rig = new LoopRig()
    rig.scheduler.scheduleTask(() => {
      throw new Error("a defect")
    }, 0)
    expect(() => rig.loop.turn()).toThrow("a defect")
    expect(rig.armed).toBe(0)
    rig.run(Effect.andThen(Effect.yieldNow, rig.note("next")))
    rig.settle()
    expect(rig.log).toEqual(["next"])
  })
})

it.each([
  ["turnMillisMax", 0.009],
  ["turnMillisMax", 1001],
  ["sliceMillisMax", 0.009],
  ["sliceMillisMax", 1001],
  ["blameMillisMin", 0.9],
  ["blameMillisMin", 60_001],
  ["blameMillisMin", Number.NaN]
])("a %s of %d is refused by name, and the bounds are told", (name, millis) => {
  const { loop } = new LoopRig()
  expect(() => new HostScheduler(loop, { [name]: millis })).toThrow(
    new RegExp(`${name} must be from [\\d.]+ to \\d+ milliseconds: ${millis}$`)
  )
})

it.each([
  ["turnMillisMax", 0.01],
  ["turnMillisMax", 1000],
  ["sliceMillisMax", 0.01],
  ["sliceMillisMax", 1000],
  ["blameMillisMin", 1],
  ["blameMillisMin", 60_000]
])("a %s of %d is taken", (name, millis) => {
  const { loop } = new LoopRig()
  expect(() => new HostScheduler(loop, { [name]: millis })).not.toThrow()
})
