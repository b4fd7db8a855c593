/** Whoever a value is told to may interrupt the next one, and take its subscription over. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import { expect, it } from "vitest"
import { Broadcast } from "../../src/sync/index.ts"
import { ScriptedPorts } from "../scripted/ScriptedPorts.ts"

it("lets go of a subscription at once when the one who waits is interrupted", () => {
  const { scheduler } = new ScriptedPorts()
  const run = <A, E>(effect: Effect.Effect<A, E>) => Effect.runFork(effect, { scheduler })
  const broadcast = Effect.runSync(Broadcast.make<string>({ capacity: 4 }))
  const scope = Effect.runSync(Scope.make())
  const subscribe = Effect.provideService(broadcast.subscribe, Scope.Scope, scope)
  const [mine, theirs] = Effect.runSync(Effect.all([subscribe, subscribe]))
  const told: Array<string> = []
  const receive = (from: Broadcast.Subscription<string>, name: string) =>
    Effect.map(from.receive, (got) => void told.push(`${name} ${Option.getOrThrow(got).value}`))
  run(
    Effect.gen(function* () {
      yield* receive(mine, "mine")
      yield* Fiber.interrupt(other)
      yield* receive(theirs, "theirs")
      yield* receive(theirs, "theirs")
    })
  )
  const other = run(receive(theirs, "other"))
  run(broadcast.send("a"))
  expect(told).toEqual(["mine a", "theirs a"])
  run(broadcast.send("b"))
  expect(told).toEqual(["mine a", "theirs a", "theirs b"])
})
