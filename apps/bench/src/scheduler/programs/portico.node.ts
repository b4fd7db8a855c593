import { NodeBackend, NodeScheduler } from "@portico/node"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { program } from "./program.ts"

program.pipe(
  Effect.provide(Layer.merge(NodeBackend.layer, NodeScheduler.layer())),
  NodeBackend.runMain
)
