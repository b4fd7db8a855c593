import { BunBackend } from "@portico/bun"
import * as Effect from "effect/Effect"
import { pumpProgram } from "./portico.ts"

pumpProgram.pipe(Effect.provide(BunBackend.layer), BunBackend.runMain)
