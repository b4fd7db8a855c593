/** Laws of hints: that something may have changed in a directory is told, and nothing more. */
import { Files, Watch, type DirectoryHints } from "@portico/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { equals, failsWith, isTrue, rejects } from "../Expectation.ts"
import { handles } from "../HandleList.ts"
import { law, lawGroup } from "../Law.ts"
import { settle } from "../Turns.ts"
import { append, folder, methods, write } from "../Watching.ts"

/** By the beginnings of names: `now-1`, `soon-1`, `never-1`. */
const interest: DirectoryHints.HintInterest = (name) =>
  name.startsWith("now") ? "now" : name.startsWith("soon") ? "soon" : "never"

/** Waits in a fiber of its own, unless there is something to be told already. */
const waiting = (hints: DirectoryHints.DirectoryHints) =>
  Effect.forkChild(hints.await, { startImmediately: true })

export const HintLaws = lawGroup("Hints", [
  law("HINT-01", "who waits is told that something may have changed", function* () {
    for (const options of methods) {
      const root = yield* folder
      const hints = yield* Watch.hints(root, { ...options, interest })
      const made = yield* waiting(hints)
      yield* write(`${root}/now`, "1")
      yield* Fiber.join(made)
      for (const change of [append(`${root}/now`, "2"), Files.remove(`${root}/now`)]) {
        // What was told of the change before may come twice.
        yield* settle
        yield* change
        yield* hints.await
      }
    }
  }),

  law("HINT-02", "a change is told that was made while nobody waited", function* () {
    const root = yield* folder
    const hints = yield* Watch.hints(root, { interest })
    yield* write(`${root}/soon`, "1")
    yield* hints.await
  }),

  law("HINT-03", "names of no interest are not told", function* () {
    const root = yield* folder
    const hints = yield* Watch.hints(root, { method: "host", interest })
    const fiber = yield* waiting(hints)
    yield* write(`${root}/never`, "1")
    yield* Files.rename(`${root}/never`, `${root}/never-2`)
    yield* settle
    yield* equals(hints.waits.length, 1, "fibers that wait still")
    yield* write(`${root}/now`, "1")
    yield* Fiber.join(fiber)
  }),

  law("HINT-04", "however many changes are to be told soon, they are told together", function* () {
    const root = yield* folder
    yield* write(`${root}/soon-0`, "1")
    const hints = yield* Watch.hints(root, { method: "host", interest })
    const counted = { times: 0 }
    const counting = hints.await.pipe(
      Effect.andThen(Effect.sync(() => void counted.times++)),
      Effect.forever
    )
    const began = yield* Clock.currentTimeMillis
    yield* Effect.forkChild(counting)
    for (let index = 0; index < 200; index++) {
      yield* Files.rename(`${root}/soon-${index}`, `${root}/soon-${index + 1}`)
    }
    yield* Effect.sleep("20 millis")
    const millis = (yield* Clock.currentTimeMillis) - began
    yield* isTrue(counted.times > 0, "They should be told")
    const timesMax = millis / 5 + 2
    yield* isTrue(counted.times <= timesMax, `${counted.times} times in ${millis} ms`)
  }),

  law("HINT-05", "who is interrupted leaves what is told to the next one", function* () {
    const root = yield* folder
    const hints = yield* Watch.hints(root, { interest })
    for (let round = 0; round < 10; round++) {
      const fiber = yield* waiting(hints)
      yield* write(`${root}/now-${round}`, "")
      yield* Fiber.interrupt(fiber)
      if (Exit.isFailure(yield* Fiber.await(fiber))) yield* hints.await
      yield* settle
      // What may have been told twice.
      while ((yield* Effect.timeoutOption(hints.await, "12 millis"))._tag === "Some");
    }
  }),

  law("HINT-06", "that the directory is gone is told once, and is the end", function* () {
    for (const options of methods) {
      const root = `${yield* folder}/sub`
      yield* Files.createDirectory(root)
      const hints = yield* Watch.hints(root, { ...options, interest })
      const fiber = yield* waiting(hints)
      yield* Files.rename(root, `${root}-2`)
      yield* Files.createDirectory(root)
      yield* Fiber.join(fiber)
      yield* failsWith("NotFound", Effect.forever(hints.await))
    }
  }),

  law("HINT-07", "what is no directory, or not there, is not watched", function* () {
    const root = yield* folder
    yield* write(`${root}/file`, "")
    yield* failsWith("NotADirectory", Watch.hints(`${root}/file`, { interest }))
    yield* failsWith("NotFound", Watch.hints(`${root}/missing`, { interest }))
    yield* rejects("path", Watch.hints("", { interest }))
    yield* rejects("interval", Watch.hints(root, { interest, interval: "1 millis" }))
    yield* rejects("interest", Watch.hints(root, { interest: "all" as never }))
  }),

  law("HINT-08", "it is listed until it is closed, which ends whoever waits", function* () {
    const root = yield* folder
    const scope = yield* Scope.make()
    const hints = yield* Scope.provide(Watch.hints(root, { interest }), scope)
    const listed = Effect.map(handles, (all) => all.some(({ id }) => id === hints.id))
    yield* equals(yield* listed, true, "listed")
    const fiber = yield* waiting(hints)
    yield* Scope.close(scope, Exit.void)
    yield* failsWith("Closed", Fiber.join(fiber))
    yield* failsWith("Closed", hints.await)
    yield* equals(yield* listed, false, "listed once it is closed")
  }),

  law("HINT-09", "an interest that throws ends it, and is told to whoever waits", function* () {
    const root = yield* folder
    const throwing = () => {
      throw new RangeError("no interest")
    }
    const hints = yield* Watch.hints(root, { method: "host", interest: throwing })
    const fiber = yield* waiting(hints)
    yield* write(`${root}/a`, "")
    const error = yield* failsWith("Broken", Fiber.join(fiber))
    yield* isTrue(error.cause instanceof RangeError, "The cause should be what was thrown")
  })
])
