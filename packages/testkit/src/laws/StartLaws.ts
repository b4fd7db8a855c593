/** Laws of starting a child that reports when it is ready. SCOPE. */
import { NotReady, Start } from "@portico/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import * as Scope from "effect/Scope"
import { equals, equalsAll, isTrue } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { settle } from "../Turns.ts"

const forkNow = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.forkChild(effect, { startImmediately: true })

/** What it fails with; undefined when it does not. */
const failureOf = <E, R>(effect: Effect.Effect<unknown, E, R>) =>
  Effect.match(effect, { onFailure: (error) => error, onSuccess: () => undefined })

export const StartLaws = lawGroup("Starting", [
  law("SCOPE-03", "start gives what was ready, and the failure that came before", function* () {
    const scope = yield* Scope.make()
    const { fiber, value } = yield* Start.scoped((ready: Start.Ready<number>) =>
      Effect.andThen(Effect.yieldNow, Effect.andThen(ready(4000), Effect.never))
    ).pipe(Scope.provide(scope), Effect.orDie)
    yield* equals(value, 4000, "value")
    yield* isTrue(fiber.pollUnsafe() === undefined, "The child should run on")
    yield* Scope.close(scope, Exit.void)
    yield* isTrue(Exit.hasInterrupts(yield* Fiber.await(fiber)), "It should end with the scope")
    // Before it is ready, to the caller and nobody else.
    const set = yield* FiberSet.make<never, string>()
    const failing = Start.inSet(set, () => Effect.andThen(Effect.yieldNow, Effect.fail("no")))
    yield* equals(yield* failureOf(failing), "no", "failure of start")
    const joining = yield* forkNow(FiberSet.join(set))
    yield* settle
    yield* isTrue(joining.pollUnsafe() === undefined, "The set should not be told")
    // Never ready.
    const error = yield* failureOf(Start.scoped(() => Effect.yieldNow))
    yield* isTrue(error instanceof NotReady.NotReady, `Not NotReady: ${String(error)}`)
  }),

  law("SCOPE-24", "a failure after ready goes where the set's other fibers report", function* () {
    const set = yield* FiberSet.make<never, string>()
    const gate = yield* Deferred.make<void>()
    const value = yield* Start.inSet(set, (ready: Start.Ready<number>) =>
      Effect.andThen(ready(5), Effect.andThen(Deferred.await(gate), Effect.fail("late")))
    ).pipe(Effect.orDie)
    yield* equals(value, 5, "value")
    yield* Deferred.succeed(gate, undefined)
    const exit = yield* Effect.exit(FiberSet.join(set))
    yield* isTrue(Exit.isFailure(exit) && String(exit).includes("late"), `Joined: ${String(exit)}`)
  }),

  law(
    "SCOPE-25",
    "interrupting the caller before ready interrupts the child, and not after",
    function* () {
      const seen: Array<string> = []
      const child = (name: string) =>
        Effect.onInterrupt(Effect.never, () => Effect.sync(() => seen.push(name)))
      const early = yield* forkNow(Start.scoped(() => child("early")))
      yield* Fiber.interrupt(early)
      yield* equalsAll(seen, ["early"], "interrupted with the caller")
      const scope = yield* Scope.make()
      const late = yield* forkNow(
        Start.scoped((ready: Start.Ready<void>) =>
          Effect.andThen(ready(undefined), child("late"))
        ).pipe(Effect.andThen(Effect.never), Scope.provide(scope))
      )
      yield* Fiber.interrupt(late)
      yield* equalsAll(seen, ["early"], "interrupted with the caller")
      yield* Scope.close(scope, Exit.void)
      yield* equalsAll(seen, ["early", "late"], "interrupted with the scope")
    }
  )
])
