import { BunBackend } from "@portico/bun"
import { printTraces } from "./printTraces.ts"

await printTraces(BunBackend.layer)
