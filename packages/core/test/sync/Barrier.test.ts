/** Whoever a barrier lets go may be back, or bring others, before it has told the rest. */
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { Barrier } from "../../src/sync/index.ts"
import { ScriptedPorts } from "../scripted/ScriptedPorts.ts"

it("counts who comes while the others are told towards the next time", () => {
  const { scheduler } = new ScriptedPorts()
  const run = <A>(effect: Effect.Effect<A>) => Effect.runFork(effect, { scheduler })
  const passed: Array<string> = []
  const barrier = Effect.runSync(Barrier.make(3))
  const arrive = (name: string) => Effect.map(barrier.arrive, () => void passed.push(name))
  const bringing = Effect.andThen(
    arrive("first"),
    Effect.forkDetach(arrive("guest"), { startImmediately: true })
  )
  run(Effect.andThen(bringing, arrive("first again")))
  run(arrive("second"))
  run(arrive("third"))
  expect(passed).toEqual(["first", "second", "third"])
  run(arrive("fourth"))
  expect(passed.slice(3)).toEqual(["guest", "first again", "fourth"])
})
