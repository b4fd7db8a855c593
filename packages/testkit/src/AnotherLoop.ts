/** One more core over the same ports, for laws about how a loop begins and ends. */
import { type Backend, EventLoop } from "@portico/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { anotherBackend, type Loop, LoopChange } from "./FaultyPorts.ts"

/** Its loop, which is shut down when `scope` ends. */
export const openLoop = (scope: Scope.Scope): Effect.Effect<Loop, never, Backend.Backend> =>
  Effect.gen(function* () {
    const services = yield* Layer.buildWithScope(Layer.fresh(anotherBackend), scope)
    const change = yield* LoopChange
    return change(Context.get(services, EventLoop.EventLoop))
  })
