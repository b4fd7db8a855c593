import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import * as Scope from "effect/Scope"
import { describe, expect, it } from "vitest"
import { NotReady } from "../../src/NotReady.ts"
import * as Start from "../../src/Start.ts"

const run = <A, E>(program: Effect.Effect<A, E, Scope.Scope>): Promise<A> =>
  Effect.runPromise(Effect.scoped(program))

const fork = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.forkChild(effect, { startImmediately: true })

/** Waits at `gate`, reports, then waits for ever. */
const server =
  (gate: Deferred.Deferred<void>, seen: Array<string>) => (ready: Start.Ready<number>) =>
    Effect.gen(function* () {
      yield* Deferred.await(gate)
      yield* ready(4000)
      seen.push("runs on")
      return yield* Effect.never
    }).pipe(Effect.onInterrupt(() => Effect.sync(() => seen.push("interrupted"))))

describe("a child that becomes ready", () => {
  it("gives the caller its value and runs on, until the scope ends", () =>
    run(
      Effect.gen(function* () {
        const scope = yield* Scope.make()
        const gate = yield* Deferred.make<void>()
        const seen: Array<string> = []
        const starting = yield* fork(Scope.provide(Start.scoped(server(gate, seen)), scope))
        yield* Effect.yieldNow
        expect(starting.pollUnsafe()).toBeUndefined()
        yield* Deferred.succeed(gate, undefined)
        const { fiber, value } = yield* Fiber.join(starting)
        expect(value).toBe(4000)
        expect(seen).toEqual(["runs on"])
        expect(fiber.pollUnsafe()).toBeUndefined()
        yield* Scope.close(scope, Exit.void)
        expect(seen).toEqual(["runs on", "interrupted"])
      })
    ))

  it("may be so at once, and end at once", () =>
    run(
      Effect.gen(function* () {
        const { fiber, value } = yield* Start.scoped((ready: Start.Ready<string>) =>
          Effect.as(ready("now"), 5)
        )
        expect(value).toBe("now")
        expect(yield* Fiber.join(fiber)).toBe(5)
      })
    ))

  it("is not interrupted with its caller any more", () =>
    run(
      Effect.gen(function* () {
        const gate = yield* Deferred.make<void>()
        yield* Deferred.succeed(gate, undefined)
        const seen: Array<string> = []
        const caller = yield* Effect.forkScoped(
          Effect.andThen(Start.scoped(server(gate, seen)), Effect.never),
          { startImmediately: true }
        )
        yield* Fiber.interrupt(caller)
        expect(seen).toEqual(["runs on"])
      })
    ))

  it("fails later without its caller", () =>
    run(
      Effect.gen(function* () {
        const gate = yield* Deferred.make<void>()
        const { fiber } = yield* Start.scoped((ready: Start.Ready<void>) =>
          Effect.andThen(
            ready(undefined),
            Effect.andThen(Deferred.await(gate), Effect.fail("late"))
          )
        )
        yield* Deferred.succeed(gate, undefined)
        expect(yield* Effect.exit(Fiber.join(fiber))).toEqual(Exit.fail("late"))
      })
    ))

  it("that reports twice dies of it, and the caller has its value", () =>
    run(
      Effect.gen(function* () {
        const { fiber, value } = yield* Start.scoped((ready: Start.Ready<number>) =>
          Effect.andThen(ready(1), ready(2))
        )
        expect(value).toBe(1)
        const exit = yield* Fiber.await(fiber)
        expect(String(exit)).toContain("A child reported ready twice")
      })
    ))
})

describe("a child that does not", () => {
  it.each([
    ["fails", Effect.fail("no"), Exit.fail("no")],
    ["dies", Effect.die("bug"), Exit.die("bug")],
    ["ends", Effect.void, Exit.fail(new NotReady())]
  ] as const)("because it %s, is the caller's failure and leaves nothing", (_, body, expected) =>
    run(
      Effect.gen(function* () {
        const scope = yield* Scope.make()
        const exit = yield* Effect.exit(
          Scope.provide(
            Start.scoped(() => body),
            scope
          )
        )
        expect(exit).toEqual(expected)
        expect(scope.state._tag).toBe("Empty")
      })
    )
  )

  it("is interrupted with its caller, who waits for it", () =>
    run(
      Effect.gen(function* () {
        const gate = yield* Deferred.make<void>()
        const seen: Array<string> = []
        const starting = yield* fork(
          Start.scoped(() =>
            Effect.onInterrupt(Effect.never, () =>
              Effect.andThen(
                Deferred.await(gate),
                Effect.sync(() => seen.push("cleaned"))
              )
            )
          )
        )
        const interrupting = yield* fork(Fiber.interrupt(starting))
        yield* Effect.yieldNow
        expect(starting.pollUnsafe()).toBeUndefined()
        yield* Deferred.succeed(gate, undefined)
        yield* Fiber.join(interrupting)
        expect(seen).toEqual(["cleaned"])
      })
    ))

  it("is interrupted with its scope, and the caller is told", () =>
    run(
      Effect.gen(function* () {
        const scope = yield* Scope.make()
        const starting = yield* fork(
          Scope.provide(
            Start.scoped(() => Effect.never),
            scope
          )
        )
        yield* Scope.close(scope, Exit.void)
        expect(Exit.hasInterrupts(yield* Fiber.await(starting))).toBe(true)
        const late = yield* Effect.exit(
          Scope.provide(
            Start.scoped(() => Effect.never),
            scope
          )
        )
        expect(Exit.hasInterrupts(late)).toBe(true)
      })
    ))

  it("and reports while it is interrupted, stays the caller's", () =>
    run(
      Effect.gen(function* () {
        const set = yield* FiberSet.make<void>()
        const starting = yield* fork(
          Start.inSet(set, (ready: Start.Ready<void>) =>
            Effect.onInterrupt(Effect.never, () => ready(undefined))
          )
        )
        yield* Fiber.interrupt(starting)
        expect(Exit.hasInterrupts(yield* Fiber.await(starting))).toBe(true)
        expect(yield* FiberSet.size(set)).toBe(0)
      })
    ))
})

describe("in a set", () => {
  it("a child joins when it is ready, and its failure is then the set's", () =>
    run(
      Effect.gen(function* () {
        const set = yield* FiberSet.make<void, string>()
        const gate = yield* Deferred.make<void>()
        const value = yield* Start.inSet(set, (ready: Start.Ready<number>) =>
          Effect.andThen(ready(5), Effect.andThen(Deferred.await(gate), Effect.fail("late")))
        )
        expect(value).toBe(5)
        expect(yield* FiberSet.size(set)).toBe(1)
        yield* Deferred.succeed(gate, undefined)
        expect(yield* Effect.exit(FiberSet.join(set))).toEqual(Exit.fail("late"))
      })
    ))

  it("a failure before is not", () =>
    run(
      Effect.gen(function* () {
        const set = yield* FiberSet.make<void, string>()
        const exit = yield* Effect.exit(Start.inSet(set, () => Effect.fail("early")))
        expect(exit).toEqual(Exit.fail("early"))
        const joining = yield* fork(FiberSet.join(set))
        yield* Effect.yieldNow
        expect(joining.pollUnsafe()).toBeUndefined()
      })
    ))
})
