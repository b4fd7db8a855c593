import { NodeBackend } from "@portico/node"
import * as Effect from "effect/Effect"
import { program } from "./portico.ts"

program.pipe(Effect.provide(NodeBackend.layer), NodeBackend.runMain)
