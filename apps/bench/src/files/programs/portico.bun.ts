import { BunBackend } from "@portico/bun"
import { program } from "./portico.ts"

BunBackend.runMain(program)
