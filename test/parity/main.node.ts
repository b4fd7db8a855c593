import { NodeBackend } from "@portico/node"
import { printTraces } from "./printTraces.ts"

await printTraces(NodeBackend.layer)
