import * as BunServices from "@effect/platform-bun/BunServices"
import { BunBackend } from "@portico/bun"
import * as Effect from "effect/Effect"
import { main } from "./Command.ts"
import { statisticsRequests } from "./main.signals.ts"

statisticsRequests.pipe(
  Effect.flatMap(main),
  Effect.provide([BunBackend.layer, BunServices.layer]),
  BunBackend.runMain
)
