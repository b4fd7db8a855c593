/** Laws of who held the thread. A binder that can, holds it for a law. */
import type { Blame } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { openLoop } from "../AnotherLoop.ts"
import { equals, equalsAll, isTrue } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { LawEnvironment } from "../LawEnvironment.ts"
import { recordingLogs } from "../Logs.ts"
import { eventually, settle } from "../Turns.ts"

/** Longer than the default threshold of 50 ms. */
const heldMillis = 55

const hold = Effect.map(LawEnvironment, ({ holdThread }) => Option.getOrThrow(holdThread))

/** A loop of its own, which tells here what it blames and logs. */
const watched = Effect.gen(function* () {
  const levels: Array<string> = []
  const blames: Array<Blame.Blame> = []
  const loop = yield* recordingLogs(levels)(openLoop(yield* Effect.scope))
  yield* Effect.forkScoped(
    Stream.runForEach(loop.blames, (blame) => Effect.sync(() => void blames.push(blame))),
    { startImmediately: true }
  )
  // The subscription is there.
  yield* settle
  return { blames, levels, loop }
})

const here = /^at .*\(.*BlameLaws\.ts:\d+:\d+\)$/

export const BlameLaws = lawGroup("Holding the thread", [
  law(
    "BLAME-01",
    "a step that holds the thread is told of once, with span and place, and logged",
    function* () {
      const holdThread = yield* hold
      const { blames, levels, loop } = yield* watched
      const computes = Effect.fn("computes")(() => Effect.sync(() => holdThread(heldMillis)))
      // One line, so one site; in no tail call, whose frame JavaScriptCore drops.
      const compute = Effect.gen(function* () {
        yield* computes()
      })
      const computing = yield* Effect.forkChild(compute)
      yield* Fiber.join(computing)
      yield* eventually(
        "it is blamed",
        Effect.sync(() => blames.length > 0)
      )
      const [{ millis, site, suspects }] = blames as [Blame.Blame]
      yield* isTrue(millis >= heldMillis && millis < 2_000, `It held the thread for ${millis} ms`)
      yield* equalsAll(
        suspects.map(({ fiberId, span }) => `#${fiberId} ${span}`),
        [`#${computing.id} computes`],
        "suspects"
      )
      const frames = suspects[0]!.frames
      yield* isTrue(here.test(frames[0] ?? ""), `Expected this file, got ${frames.join("; ")}`)
      yield* isTrue(/BlameLaws\.ts:\d+/.test(site), `Expected this file, got ${site}`)
      const { longestSteps } = yield* loop.snapshot
      const longest = longestSteps.find((step) => step.site === site)
      yield* isTrue((longest?.millis ?? 0) >= heldMillis, "It should be among the longest steps")
      // The same code again is the same site.
      yield* Fiber.join(yield* Effect.forkChild(compute))
      yield* settle
      yield* equals(blames.length, 1, "blames of one site")
      yield* equalsAll(levels, ["Warn"], "levels logged")
    },
    { hook: "holdThread" }
  ),

  law(
    "BLAME-02",
    "steps that are short are not added up",
    function* () {
      const holdThread = yield* hold
      const { blames } = yield* watched
      let told = 0
      // The machine may take the thread away in any of them, which makes one step of it long.
      for (let time = 0; time < 5; time++) {
        const computes = Effect.withSpan(
          Effect.sync(() => holdThread(10)),
          `computes a little, time ${time}`
        )
        for (let step = 0; step < 7; step++) yield* computes
        yield* settle
        if (blames.length === told) return
        told = blames.length
      }
      yield* equals(told, 0, "blames")
    },
    { hook: "holdThread" }
  )
])
