/** Portico's sockets under Effect's own scheduler and clock. */
import { NodeBackend } from "@portico/node"
import * as Effect from "effect/Effect"
import { provideStock } from "../scheduler/programs/stock.ts"
import { program } from "./portico.ts"

program.pipe(provideStock, Effect.provide(NodeBackend.layer), NodeBackend.runMain)
