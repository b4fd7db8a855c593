import { BunBackend } from "@portico/bun"
import { program } from "./Mishaps.ts"

BunBackend.runMain(program)
