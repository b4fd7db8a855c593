/** Shared locks under contention, on Bun. */
import { BunBackend } from "@portico/bun"
import { stress } from "./SharedStress.ts"

stress(BunBackend.layer)
