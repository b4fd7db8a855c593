import { NodeBackend } from "@portico/node"
import { program } from "./Mishaps.ts"

NodeBackend.runMain(program)
