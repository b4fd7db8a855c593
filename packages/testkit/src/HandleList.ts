/** What core lists as open. */
import { Handle } from "@portico/core"
import * as Effect from "effect/Effect"

export const handles = Handle.Handles.use((service) => service.list)

export const handleCount = Effect.map(handles, (list) => list.length)

export const isAlive = Handle.Handles.use((service) => service.isAlive)
