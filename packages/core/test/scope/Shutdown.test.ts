import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, it } from "vitest"
import * as Deadline from "../../src/Deadline.ts"
import * as Shutdown from "../../src/Shutdown.ts"
import * as ShutdownReport from "../../src/ShutdownReport.ts"

const run = <A, E>(program: Effect.Effect<A, E, Scope.Scope>): Promise<A> =>
  Effect.runPromise(Effect.provide(Effect.scoped(program), TestClock.layer()))

type Stop = Effect.Effect<unknown, unknown>

/** Registers parts by name, each with how it stops. */
const making = (
  options: Shutdown.Options,
  parts: Readonly<Record<string, Stop | Omit<Shutdown.Part<unknown, never>, "name">>>
) =>
  Effect.gen(function* () {
    const shutdown = yield* Shutdown.make(options)
    for (const [name, part] of Object.entries(parts)) {
      yield* shutdown.register(Effect.isEffect(part) ? { name, stop: part } : { name, ...part })
    }
    return shutdown
  })

/** The report, and the milliseconds, to one, that it took. */
const timed = (stopping: Effect.Effect<ShutdownReport.ShutdownReport>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(stopping, { startImmediately: true })
    let millis = 0
    for (; fiber.pollUnsafe() === undefined; millis++) yield* TestClock.adjust(1)
    return { millis, report: yield* Fiber.join(fiber) }
  })

/** `b TimedOut 20 left`, a line a part. */
const lines = (report: ShutdownReport.ShutdownReport): ReadonlyArray<string> =>
  report.parts.map(({ isLeft, name, outcome, took }) =>
    [name, outcome._tag, Duration.toMillis(took), ...(isLeft ? ["left"] : [])].join(" ")
  )

const ignoring = Effect.uninterruptible(Effect.never)

describe("parts", () => {
  it("stop one after the other, the last registered first", () =>
    run(
      Effect.gen(function* () {
        const shutdown = yield* making(
          { total: "10 seconds" },
          { a: Effect.sleep(30), b: Effect.sleep(20), c: Effect.sleep(10) }
        )
        const { millis, report } = yield* timed(shutdown.run)
        expect(lines(report)).toEqual(["c Finished 10", "b Finished 20", "a Finished 30"])
        expect(millis).toBe(60)
        expect(Duration.toMillis(report.took)).toBe(60)
        expect(report).toMatchObject({
          finished: 3,
          failed: 0,
          interrupted: 0,
          timedOut: 0,
          left: 0
        })
      })
    ))

  it("stop by stages, those of one at the same time", () =>
    run(
      Effect.gen(function* () {
        const shutdown = yield* making(
          { total: "10 seconds", stages: ["listen", "work", "store"] },
          {
            store: { stage: "store", stop: Effect.sleep(5) },
            slow: { stage: "work", stop: Effect.sleep(20) },
            quick: { stage: "work", stop: Effect.sleep(10) },
            listener: { stage: "listen", stop: Effect.void }
          }
        )
        const { millis, report } = yield* timed(shutdown.run)
        expect(report.parts.map(({ name, stage }) => `${stage}/${name}`)).toEqual([
          "listen/listener",
          "work/slow",
          "work/quick",
          "store/store"
        ])
        expect(millis).toBe(25)
      })
    ))

  it("report how they ended, and the next is stopped all the same", () =>
    run(
      Effect.gen(function* () {
        const shutdown = yield* making(
          { total: "10 seconds" },
          {
            finishes: Effect.succeed({ finished: 3 }),
            fails: Effect.fail("no"),
            dies: Effect.die("bug"),
            interrupts: Effect.interrupt,
            hangs: { stop: Effect.never, timeout: 20 },
            ignores: { stop: ignoring, timeout: 20 }
          }
        )
        const { report } = yield* timed(shutdown.run)
        expect(lines(report)).toEqual([
          "ignores TimedOut 1020 left",
          "hangs TimedOut 20",
          "interrupts Interrupted 0",
          "dies Failed 0",
          "fails Failed 0",
          "finishes Finished 0"
        ])
        expect(report).toMatchObject({
          finished: 1,
          failed: 2,
          interrupted: 1,
          timedOut: 2,
          left: 1
        })
        expect(report.parts.at(-1)!.outcome).toMatchObject({ value: { finished: 3 } })
        expect(ShutdownReport.format(report)).toBe(
          [
            "Stopped 1 of 6 parts in 1040 ms",
            "ignores: timed out (ignores) after 1020 ms, still runs",
            "hangs: timed out (hangs) after 20 ms",
            "interrupts: interrupted after 0 ms",
            "dies: failed (Error: bug) after 0 ms",
            "fails: failed (Error: no) after 0 ms",
            "finishes: finished after 0 ms"
          ].join("\n")
        )
      })
    ))

  it("that end within the grace of their interruption are not left", () =>
    run(
      Effect.gen(function* () {
        const slowly = Effect.onInterrupt(Effect.never, () => Effect.sleep(50))
        const shutdown = yield* making(
          { total: "10 seconds", interruptGrace: 100 },
          { part: { stop: slowly, timeout: 20 } }
        )
        const { report } = yield* timed(shutdown.run)
        expect(lines(report)).toEqual(["part TimedOut 70"])
      })
    ))

  it("see the deadline in force, not that of who stops them", () =>
    run(
      Effect.gen(function* () {
        const seen: Array<string | undefined> = []
        const look = Effect.map(Deadline.current, ({ name }) => seen.push(name))
        const shutdown = yield* Shutdown.make({ total: "10 seconds" })
        yield* Deadline.within(shutdown.register({ name: "last", stop: look }), 1)
        yield* shutdown.register({ name: "first", stop: look, timeout: "1 second" })
        yield* Deadline.within(shutdown.run, 5)
        expect(seen).toEqual(["first", "total"])
      })
    ))
})

describe("the total", () => {
  it("is kept, whatever the parts do", () =>
    run(
      Effect.gen(function* () {
        const shutdown = yield* making(
          { total: 500, interruptGrace: 100 },
          { a: ignoring, b: Effect.never, c: Effect.sleep(1), d: ignoring, e: Effect.sleep(10) }
        )
        const { millis, report } = yield* timed(shutdown.run)
        expect(lines(report)).toEqual([
          "e Finished 10",
          "d TimedOut 415 left",
          "c TimedOut 0",
          "b TimedOut 0",
          "a TimedOut 75 left"
        ])
        expect(millis).toBe(500)
        const { outcome } = report.parts[1]!
        expect(outcome).toMatchObject({ deadline: { name: "total" } })
      })
    ))

  it.each([
    [{ total: 0 }, "A shutdown's total must be from 1 to 86400000 milliseconds: 0"],
    [{ total: "2 days" }, "A shutdown's total must be"],
    [{ total: NaN }, "A shutdown's total must be"],
    [
      { total: 100, interruptGrace: 101 },
      "A shutdown's interruptGrace must be from 0 to 100 milliseconds: 101"
    ]
  ] as const)("of %j is refused by name", async (options, message) => {
    const exit = await Effect.runPromiseExit(Effect.scoped(Shutdown.make(options)))
    expect(exit).toMatchObject({ cause: { reasons: [{ _tag: "Die" }] } })
    expect(String(exit)).toContain(message)
  })

  it.each([
    [undefined, "a", "The stage of part must be left out: a"],
    [["a", "b"], undefined, "The stage of part must be one of a, b: none"],
    [["a", "b"], "c", "The stage of part must be one of a, b: c"]
  ] as const)("with stages %j refuses %s", async (stages, stage, message) => {
    const program = Effect.flatMap(Shutdown.make({ total: 100, stages }), (shutdown) =>
      shutdown.register({ name: "part", stage, stop: Effect.void })
    )
    const exit = await Effect.runPromiseExit(Effect.scoped(program))
    expect(exit).toMatchObject({ cause: { reasons: [{ _tag: "Die" }] } })
    expect(String(exit)).toContain(message)
  })
})

describe("running it", () => {
  it("again gives the first report", () =>
    run(
      Effect.gen(function* () {
        let stops = 0
        const shutdown = yield* making(
          { total: 500 },
          {
            part: Effect.andThen(
              Effect.sync(() => stops++),
              Effect.sleep(10)
            )
          }
        )
        const both = Effect.all([shutdown.run, shutdown.run], { concurrency: "unbounded" })
        const { report } = yield* timed(
          Effect.map(both, ([first, second]) => {
            expect(second).toBe(first)
            return first
          })
        )
        expect(yield* shutdown.run).toBe(report)
        expect(stops).toBe(1)
      })
    ))

  it("and being interrupted interrupts the parts, and waits for the end", () =>
    run(
      Effect.gen(function* () {
        const shutdown = yield* making(
          { total: 500, interruptGrace: 100 },
          {
            a: Effect.void,
            b: Effect.never,
            c: Effect.onInterrupt(Effect.never, () => Effect.sleep(30))
          }
        )
        const fiber = yield* Effect.forkChild(shutdown.run, { startImmediately: true })
        yield* TestClock.adjust(10)
        const interrupting = yield* Effect.forkChild(Fiber.interrupt(fiber), {
          startImmediately: true
        })
        yield* TestClock.adjust(29)
        expect(interrupting.pollUnsafe()).toBeUndefined()
        yield* TestClock.adjust(1)
        yield* Fiber.join(interrupting)
        expect(lines(yield* shutdown.run)).toEqual([
          "c Interrupted 40",
          "b Interrupted 0",
          "a Finished 0"
        ])
      })
    ))

  it("is done by the end of the scope, which logs what went wrong", () =>
    run(
      Effect.gen(function* () {
        const logged: Array<string> = []
        const logger = Logger.make<unknown, void>(({ logLevel, message }) => {
          logged.push(`${logLevel} ${String(message)}`)
        })
        const close = (parts: Record<string, Stop>, isRunBefore: boolean) =>
          Effect.gen(function* () {
            const scope = yield* Scope.make()
            const shutdown = yield* Scope.provide(making({ total: 500 }, parts), scope)
            if (isRunBefore) yield* shutdown.run
            yield* Scope.close(scope, Exit.void)
          }).pipe(Effect.provideService(Logger.CurrentLoggers, new Set([logger])))
        yield* close({ fine: Effect.void }, false)
        yield* close({ fails: Effect.fail("no") }, true)
        expect(logged).toEqual([])
        yield* close({ fails: Effect.fail("no") }, false)
        expect(logged).toEqual([
          "Warn Stopped 0 of 1 parts in 0 ms\nfails: failed (Error: no) after 0 ms"
        ])
      })
    ))

  it("a part that registers late is stopped at once, within its time", () =>
    run(
      Effect.gen(function* () {
        const shutdown = yield* making({ total: 500 }, {})
        const report = yield* shutdown.run
        const stopped = yield* Deferred.make<void>()
        yield* shutdown.register({ name: "late", stop: Deferred.succeed(stopped, undefined) })
        yield* Deferred.await(stopped)
        const hanging = yield* Effect.forkChild(
          shutdown.register({ name: "later", stop: ignoring, timeout: 50 }),
          { startImmediately: true }
        )
        yield* TestClock.adjust(300)
        yield* Fiber.join(hanging)
        expect(report.parts).toEqual([])
      })
    ))

  it("is a layer, too", () =>
    run(
      Effect.gen(function* () {
        const seen: Array<string> = []
        yield* Shutdown.Shutdown.use((shutdown) =>
          shutdown.register({ name: "part", stop: Effect.sync(() => seen.push("stopped")) })
        ).pipe(Effect.provide(Shutdown.layer({ total: 500 })))
        expect(seen).toEqual(["stopped"])
      })
    ))
})
