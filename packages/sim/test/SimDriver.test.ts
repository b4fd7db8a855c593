/**
 * What `uv_run` says of its modes: http://docs.libuv.org/en/v1.x/loop.html#c.uv_run, and of the
 * order of an iteration: http://docs.libuv.org/en/v1.x/design.html#the-i-o-loop.
 */
import { EventLoop, Tcp, type Timer, type WakeUp } from "@portico/core"
import { SimBackend } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"

const start = <A, E>(program: Effect.Effect<A, E, SimBackend.Services>, order?: "random") =>
  SimBackend.start(program, { seed: 1, order })

const loop = EventLoop.EventLoop

/** Runs `use` with the loop in a scope that stays open, then waits for ever. */
const waiting = <R>(
  use: (loop: EventLoop.EventLoop["Service"]) => Effect.Effect<unknown, unknown, R>
) => Effect.andThen(loop.use(use), Effect.never)

describe("default", () => {
  it("runs until the program has ended, and stays there", () => {
    const driver = start(Effect.as(Effect.sleep("1 hour"), 7))
    const state = driver.run("default")
    expect(state).toMatchObject({ isAlive: false, exit: Exit.succeed(7), halt: undefined })
    expect(state.nanos / 1e9).toBeCloseTo(3600, 3)
    expect(driver.run("default")).toEqual(state)
    expect(driver.run("once")).toEqual(state)
  })

  it("runs until nothing keeps the loop alive, and again when something does", () => {
    let timer: Timer.Timer | undefined
    const fired: Array<string> = []
    const program = Effect.scoped(
      Effect.gen(function* () {
        timer = yield* loop.use(({ openTimer }) => openTimer("1 second"))
        yield* timer.unref
        yield* timer.await
        fired.push("timer")
      })
    )
    const driver = start(program)
    const state = driver.run("default")
    expect(state).toMatchObject({ isAlive: false, exit: undefined, halt: undefined })
    expect(state.nanos / 1e9).toBeLessThan(0.001)
    expect(fired).toEqual([])
    Effect.runSync(timer!.ref)
    expect(driver.run("noWait").isAlive).toBe(true)
    expect(driver.run("default")).toMatchObject({ isAlive: false, exit: Exit.void })
    expect(fired).toEqual(["timer"])
  })

  it("is kept alive by a ref'd listener, and then says that nothing can come", () => {
    const driver = start(Effect.scoped(Effect.andThen(Tcp.listen({ port: 4000 }), Effect.never)))
    const state = driver.run("default")
    expect(state).toMatchObject({ isAlive: true, exit: undefined })
    expect(state.halt?.reason).toBe("deadlock")
    expect(state.halt?.fibers[0]).toMatch(/^fiber #1 has waited/)
  })

  it("says that nothing can come when nothing is open", () => {
    const state = start(Effect.never).run("default")
    expect(state).toMatchObject({ isAlive: false, exit: undefined })
    expect(state.halt?.reason).toBe("deadlock")
  })

  it("wakes up for what comes from outside", () => {
    let wakeUp: WakeUp.WakeUp | undefined
    const program = Effect.scoped(
      Effect.gen(function* () {
        wakeUp = yield* loop.use(({ openWakeUp }) => openWakeUp)
        return yield* wakeUp.await
      })
    )
    const driver = start(program)
    expect(driver.run("default")).toMatchObject({ isAlive: true, exit: undefined })
    wakeUp!.wakeUnsafe()
    wakeUp!.wakeUnsafe()
    expect(driver.run("default").exit).toEqual(Exit.succeed(2))
  })
})

describe("once", () => {
  // "Poll for i/o once. Note that this function blocks if there are no pending callbacks."
  it("waits for the next event, which it runs, and comes back", () => {
    const naps: Array<number> = []
    const nap = (id: number, millis: number) =>
      Effect.andThen(
        Effect.sleep(millis),
        Effect.sync(() => naps.push(id))
      )
    const all = Effect.all([nap(1, 10), nap(2, 10), nap(3, 20)], { concurrency: "unbounded" })
    const driver = start(all)
    // The first iteration starts the program, the second one its children.
    expect(driver.run("once")).toMatchObject({ isAlive: true })
    expect(driver.run("once").nanos).toBeGreaterThan(10e6)
    expect(naps).toEqual([1, 2])
    expect(driver.run("once").nanos).toBeGreaterThan(20e6)
    expect(naps).toEqual([1, 2, 3])
    for (let turn = 0; turn < 3; turn++) driver.run("once")
    expect(driver.run("once").exit).toEqual(Exit.succeed([1, 2, 3]))
  })

  it("does not wait when callbacks were put off", () => {
    let post = (): void => {}
    const driver = start(
      Effect.flatMap(loop, ({ postUnsafe }) => {
        post = () => void postUnsafe(Effect.void)
        return Effect.sleep("1 second")
      })
    )
    driver.run("once")
    post()
    expect(driver.run("once").nanos / 1e6).toBeLessThan(1)
    expect(driver.run("once").nanos / 1e6).toBeGreaterThan(1000)
  })

  it("comes back where it would wait for ever", () => {
    const driver = start(Effect.scoped(Effect.andThen(Tcp.listen({ port: 4000 }), Effect.never)))
    for (let turn = 0; turn < 10; turn++) driver.run("once")
    const state = driver.run("once")
    expect(state.isAlive).toBe(true)
    expect(state.halt?.reason).toBe("deadlock")
    expect(driver.run("once").nanos).toBe(state.nanos)
  })

  it("is one iteration: each phase once, and timers last", () => {
    const phases: Array<string> = []
    const names = ["timers", "pending", "idle", "prepare", "poll", "check", "closing"] as const
    const driver = start(
      Effect.scoped(
        waiting(({ hook }) =>
          Effect.forEach(names, (name) =>
            Effect.flatMap(
              hook(name, () => phases.push(name)),
              ({ unref }) => unref
            )
          ).pipe(Effect.andThen(Effect.sleep("1 hour")))
        )
      )
    )
    driver.run("once")
    phases.length = 0
    driver.run("once")
    expect(phases).toEqual(["pending", "idle", "prepare", "poll", "check", "closing", "timers"])
  })
})

describe("noWait", () => {
  // "Poll for i/o once but don't block if there are no pending callbacks."
  it("is one iteration in which time does not jump", () => {
    let hasSlept = false
    const driver = start(
      Effect.andThen(
        Effect.sleep("1 second"),
        Effect.sync(() => (hasSlept = true))
      )
    )
    for (let turn = 0; turn < 100; turn++) expect(driver.run("noWait").isAlive).toBe(true)
    const state = driver.run("noWait")
    expect(hasSlept).toBe(false)
    // A step takes 100 ns, a poll that does not wait 1,000.
    expect(state.nanos).toBeLessThan(110_000)
    expect(driver.run("once").exit).toEqual(Exit.succeed(true))
    expect(hasSlept).toBe(true)
  })

  it("is false when nothing is left", () => {
    const driver = start(Effect.never)
    expect(driver.run("noWait").isAlive).toBe(false)
    expect(driver.run("noWait").isAlive).toBe(false)
  })
})

describe("a driver", () => {
  it("starts nothing before the first run", () => {
    let hasStarted = false
    const driver = start(Effect.sync(() => (hasStarted = true)))
    expect(hasStarted).toBe(false)
    expect(driver.run("noWait").exit).toEqual(Exit.succeed(true))
  })

  it("may interrupt the program, whose finalizers run in the runs to come", () => {
    const driver = start(Effect.onInterrupt(Effect.never, () => Effect.sleep("1 minute")))
    driver.run("default")
    driver.interrupt()
    const { exit, nanos } = driver.run("default")
    expect(exit !== undefined && Exit.hasInterrupts(exit)).toBe(true)
    expect(nanos / 1e9).toBeCloseTo(60, 3)
  })

  it("may end the world, and then nothing runs", () => {
    let ticks = 0
    const driver = start(
      Effect.forever(
        Effect.andThen(
          Effect.sleep("1 second"),
          Effect.sync(() => ticks++)
        )
      )
    )
    while (ticks < 3) driver.run("once")
    driver.end()
    expect(driver.run("default")).toMatchObject({ isAlive: false, exit: undefined })
    expect(ticks).toBe(3)
  })

  it("hears of a limit", () => {
    const spin = Effect.forever(Effect.yieldNow)
    const driver = SimBackend.start(spin, { seed: 1, stepsMax: 100 })
    expect(driver.run("default").halt?.reason).toBe("stepLimit")
  })

  it("gives the same run by iterations as in one go", () => {
    const program = Effect.forEach(
      [3, 1, 2],
      (millis) => Effect.repeat(Effect.sleep(millis), { times: 5 }),
      { concurrency: "unbounded" }
    )
    for (const order of ["fifo", "random"] as const) {
      const options = { seed: 5, order }
      const { exit, ...progress } = SimBackend.simulate(program, options)
      const driver = SimBackend.start(program, options)
      let state = driver.run("once")
      while (state.exit === undefined) state = driver.run("once")
      expect(state).toMatchObject(progress)
      expect(state.exit).toEqual(exit)
    }
  })
})
