import * as NodeServices from "@effect/platform-node/NodeServices"
import { NodeBackend } from "@portico/node"
import * as Effect from "effect/Effect"
import { main } from "./Command.ts"

main(process.pid).pipe(Effect.provide(NodeServices.layer), NodeBackend.runMain)
