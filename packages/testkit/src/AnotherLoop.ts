/** One more core over the same ports, for laws about how a loop begins and ends. */
import { type Backend, EventLoop } from "@portico/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { anotherBackend } from "./FaultyPorts.ts"

type Loop = Context.Service.Shape<typeof EventLoop.EventLoop>

/** Its loop, which is shut down when `scope` ends. */
export const openLoop = (scope: Scope.Scope): Effect.Effect<Loop, never, Backend.Backend> =>
  Effect.map(Layer.buildWithScope(Layer.fresh(anotherBackend), scope), (services) =>
    Context.get(services, EventLoop.EventLoop)
  )
