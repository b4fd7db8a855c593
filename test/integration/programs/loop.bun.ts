import { BunBackend } from "@portico/bun"
import { programs } from "./Loop.ts"

BunBackend.runMain<unknown, unknown>(programs[process.argv[2] as keyof typeof programs])
