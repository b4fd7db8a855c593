import { NodeBackend } from "@portico/node"
import * as Effect from "effect/Effect"
import { MixedScheduler, Scheduler } from "effect/Scheduler"
import { program } from "./program.ts"

// Named, and innermost: what Effect installs by itself, whatever the layer installs.
program.pipe(
  Effect.provideService(Scheduler, new MixedScheduler()),
  Effect.provide(NodeBackend.layer),
  NodeBackend.runMain
)
