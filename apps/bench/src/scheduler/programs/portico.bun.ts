import { BunBackend } from "@portico/bun"
import * as Effect from "effect/Effect"
import { program } from "./program.ts"

// Scheduler and clock come with the layer.
program.pipe(Effect.provide(BunBackend.layer), BunBackend.runMain)
