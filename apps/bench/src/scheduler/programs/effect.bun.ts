import { BunBackend } from "@portico/bun"
import * as Effect from "effect/Effect"
import { program } from "./program.ts"
import { provideStock } from "./stock.ts"

program.pipe(provideStock, Effect.provide(BunBackend.layer), BunBackend.runMain)
