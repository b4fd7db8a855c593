import { NodeBackend } from "@portico/node"
import { programs } from "./Loop.ts"

NodeBackend.runMain<unknown, unknown>(programs[process.argv[2] as keyof typeof programs])
