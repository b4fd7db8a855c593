/** What core lists as open. */
import { EventLoop } from "@portico/core"
import * as Effect from "effect/Effect"

export const handles = EventLoop.EventLoop.use((loop) => loop.handles)

export const handleCount = Effect.map(handles, (list) => list.length)

export const isAlive = EventLoop.EventLoop.use((loop) => loop.isAlive)
