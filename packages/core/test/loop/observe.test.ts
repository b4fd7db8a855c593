/** What layers do with one scheduler: who logs, and who is told. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { expect, it } from "vitest"
import { observe } from "../../src/internal/loop/observe.ts"
import { LoopRig } from "./LoopRig.ts"

const setUp = () => {
  const rig = new LoopRig()
  const logged: Array<string> = []
  /** Observes under a logger of that name, until `end`. */
  const observer = (name: string) => {
    const scope = Scope.makeUnsafe()
    const logger = Logger.make(({ message }) => {
      logged.push(`${name}: ${String(message)}`)
    })
    const blames = Effect.runSync(
      observe(rig.scheduler).pipe(Scope.provide(scope), Effect.provide(Logger.layer([logger])))
    )
    return { blames, end: () => Effect.runSync(Scope.close(scope, Exit.void)) }
  }
  const hold = (name: string) => {
    rig.run(Effect.withSpan(rig.busy(60), name))
    rig.settle()
  }
  return { hold, logged, observer, rig }
}

it("of two layers on one thread the last logs, and when it ends the other does", () => {
  const { hold, logged, observer } = setUp()
  const [first, second] = [observer("first"), observer("second")]
  hold("a")
  second.end()
  hold("b")
  first.end()
  hold("c")
  expect(logged.map((line) => line.replace(/fiber #\d+/, "fiber").slice(0, 60))).toEqual([
    'second: The event loop was held for 60 ms by fiber "a" at a ',
    'first: The event loop was held for 60 ms by fiber "b" at b ('
  ])
})

it("each who asks is told, whoever logs, from then on and until the layer ends", async () => {
  const { hold, observer, rig } = setUp()
  const observers = [observer("first"), observer("second")]
  hold("before")
  const told = observers.map(({ blames }) => rig.run(Stream.runCollect(blames.stream)))
  rig.settle()
  hold("after")
  for (const { end } of observers) end()
  rig.settle()
  for (const fiber of told) {
    const blames = await Effect.runPromise(Fiber.join(fiber))
    expect(blames.map(({ suspects }) => suspects[0]!.span)).toEqual(["after"])
  }
  const late = rig.run(Stream.runCollect(observers[0]!.blames.stream))
  rig.settle()
  expect(await Effect.runPromise(Fiber.join(late))).toEqual([])
})
