import { NodeBackend } from "@portico/node"
import * as Effect from "effect/Effect"
import { program } from "./program.ts"

// Scheduler and clock come with the layer.
program.pipe(Effect.provide(NodeBackend.layer), NodeBackend.runMain)
