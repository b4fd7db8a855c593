import { BunBackend } from "@portico/bun"
import { program } from "./HungLookups.ts"

BunBackend.runMain(program)
