/** What rewrites of the log leave behind. */
import { EventLoop } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { expect, it } from "vitest"
import * as Persistence from "../../src/journal/Persistence.ts"
import { makeEngine } from "../Console.ts"
import { defaults, inEveryOrder } from "../KvWorld.ts"

const finalizersOf = ({ state }: Scope.Scope): number => {
  if (state._tag !== "Open") return 0
  return state.finalizers?.size ?? (state.finalizer === undefined ? 0 : 1)
}

it("each rewrite leaves as many files and finalizers as the one before", { timeout: 30_000 }, () =>
  inEveryOrder(
    Effect.gen(function* () {
      const engine = makeEngine()
      const scope = yield* Scope.fork(yield* Effect.scope)
      yield* Scope.provide(Persistence.open(engine, defaults), scope)
      const { handles } = yield* EventLoop.EventLoop
      const left: Array<readonly [finalizers: number, handles: number]> = []
      for (let count = 1; count <= 4; count++) {
        expect(engine.requestRewrite()).toBe(true)
        const isOver = () => {
          const lines = engine.describeLog()
          return [`aof_rewrites:${count}`, "aof_rewrite_in_progress:0"].every((line) =>
            lines.includes(line)
          )
        }
        while (!isOver()) yield* Effect.sleep("1 millis")
        left.push([finalizersOf(scope), (yield* handles).length])
      }
      expect(left.slice(1)).toStrictEqual([left[1], left[1], left[1]])
    }),
    3
  )
)
