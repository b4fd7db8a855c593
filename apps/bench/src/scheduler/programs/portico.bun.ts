import { BunBackend } from "@portico/bun"
import { NodeScheduler } from "@portico/node"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { program } from "./program.ts"

program.pipe(
  Effect.provide(Layer.merge(BunBackend.layer, NodeScheduler.layer())),
  BunBackend.runMain
)
