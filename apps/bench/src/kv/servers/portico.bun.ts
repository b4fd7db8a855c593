import { BunBackend } from "@portico/bun"
import * as Effect from "effect/Effect"
import { program } from "./portico.ts"

program.pipe(Effect.provide(BunBackend.layer), BunBackend.runMain)
