import { NodeBackend } from "@portico/node"
import { program } from "./portico.ts"

NodeBackend.runMain(program)
