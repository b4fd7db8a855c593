import { NodeBackend } from "@portico/node"
import * as Effect from "effect/Effect"
import { pumpProgram } from "./portico.ts"

pumpProgram.pipe(Effect.provide(NodeBackend.layer), NodeBackend.runMain)
