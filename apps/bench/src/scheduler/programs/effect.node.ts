import { NodeBackend } from "@portico/node"
import * as Effect from "effect/Effect"
import { program } from "./program.ts"
import { provideStock } from "./stock.ts"

program.pipe(provideStock, Effect.provide(NodeBackend.layer), NodeBackend.runMain)
