/** Shared locks under contention, on Node. */
import { NodeBackend } from "@portico/node"
import { stress } from "./SharedStress.ts"

stress(NodeBackend.layer)
