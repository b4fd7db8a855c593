/** Laws of who held the thread. A binder that can, holds it for a law. */
import { type Blame, EventLoop } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { openLoop } from "../AnotherLoop.ts"
import { equals, equalsAll, isTrue } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { LawEnvironment } from "../LawEnvironment.ts"
import { recordingMessages } from "../Logs.ts"
import { eventually, nextTurn, settle } from "../Turns.ts"

/** Longer than the default threshold of 50 ms. */
const heldMillis = 55

/** Far enough below the threshold. */
const undisturbedMillisMax = 45

const hold = Effect.map(LawEnvironment, ({ holdThread }) => Option.getOrThrow(holdThread))

/** A loop of its own, and what it blames and logs; the machine may give it more to say. */
const watched = Effect.gen(function* () {
  const messages: Array<string> = []
  const blames: Array<Blame.Blame> = []
  const loop = yield* recordingMessages(messages)(openLoop(yield* Effect.scope))
  yield* Effect.forkScoped(
    Stream.runForEach(loop.blames, (blame) => Effect.sync(() => void blames.push(blame))),
    { startImmediately: true }
  )
  // The subscription is there.
  yield* settle
  const blamesOf = (span: string) =>
    blames.filter(({ suspects }) => suspects.some((suspect) => suspect.span === span))
  return { blamesOf, loop, messages }
})

const here = /^at .*\(.*BlameLaws\.ts:\d+:\d+\)$/

export const BlameLaws = lawGroup("Holding the thread", [
  law(
    "BLAME-01",
    "a step that holds the thread is told of once, with span and place, and logged",
    function* () {
      const holdThread = yield* hold
      const { blamesOf, loop, messages } = yield* watched
      const computes = Effect.fn("computes")(() => Effect.sync(() => holdThread(heldMillis)))
      // One line, so one site; in no tail call, whose frame JavaScriptCore drops.
      const compute = Effect.gen(function* () {
        yield* computes()
      })
      const computing = yield* Effect.forkChild(compute)
      yield* Fiber.join(computing)
      yield* eventually(
        "it is blamed",
        Effect.sync(() => blamesOf("computes").length > 0)
      )
      const [{ millis, site, suspects }] = blamesOf("computes") as [Blame.Blame]
      yield* isTrue(millis >= heldMillis, `It held the thread for ${millis} ms`)
      const fibers = suspects.map(({ fiberId }) => fiberId)
      yield* equalsAll(fibers, [computing.id], "suspects")
      const frames = suspects[0]!.frames
      yield* isTrue(here.test(frames[0] ?? ""), `Expected this file, got ${frames.join("; ")}`)
      yield* isTrue(/BlameLaws\.ts:\d+/.test(site), `Expected this file, got ${site}`)
      const { longestSteps } = yield* loop.snapshot
      const longest = longestSteps.find((step) => step.site === site)
      yield* isTrue((longest?.millis ?? 0) >= heldMillis, "It should be among the longest steps")
      // The same code again is the same site.
      yield* Fiber.join(yield* Effect.forkChild(compute))
      yield* settle
      yield* equals(blamesOf("computes").length, 1, "blames of one site")
      const logged = messages.filter((message) => message.includes('"computes" at computes ('))
      yield* equals(logged.length, 1, `of these messages, ones of it: ${messages.join("; ")}`)
    },
    { hook: "holdThread" }
  ),

  law(
    "BLAME-02",
    "short steps of several turns are not added up",
    function* () {
      const holdThread = yield* hold
      const { nowNanos } = yield* EventLoop.EventLoop
      const { blamesOf } = yield* watched
      // The machine may take the thread away meanwhile, which makes a long step of a short one.
      for (let time = 0; time < 5; time++) {
        const span = `computes a little, time ${time}`
        const computes = Effect.withSpan(
          Effect.sync(() => holdThread(9)),
          span
        )
        let longest = 0
        for (let step = 0; step < 6; step++) {
          const began = yield* nowNanos
          yield* computes
          // The turn is over, and was looked at.
          yield* nextTurn
          longest = Math.max(longest, Number((yield* nowNanos) - began) / 1e6)
        }
        if (longest > undisturbedMillisMax) continue
        yield* settle
        return yield* equals(blamesOf(span).length, 0, "blames")
      }
    },
    { hook: "holdThread" }
  )
])
