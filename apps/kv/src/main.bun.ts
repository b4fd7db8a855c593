import * as BunServices from "@effect/platform-bun/BunServices"
import { BunBackend } from "@portico/bun"
import * as Effect from "effect/Effect"
import { main } from "./Command.ts"

main(process.pid).pipe(Effect.provide([BunBackend.layer, BunServices.layer]), BunBackend.runMain)
