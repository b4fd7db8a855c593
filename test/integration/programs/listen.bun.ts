import { BunBackend } from "@portico/bun"
import * as Effect from "effect/Effect"
import { listen, type Mode } from "./Listen.ts"

Effect.runFork(Effect.provide(listen(process.argv[2] as Mode), BunBackend.layer))
