import * as NodeServices from "@effect/platform-node/NodeServices"
import { NodeBackend } from "@portico/node"
import * as Effect from "effect/Effect"
import * as Demo from "./Demo.ts"
import { resolverNotes, resolverTrials } from "./ResolverTrials.ts"
Demo.run(resolverTrials, resolverNotes, {columnsMax:100,isColoured:false}).pipe(Effect.provide(NodeServices.layer), NodeBackend.runMain)
