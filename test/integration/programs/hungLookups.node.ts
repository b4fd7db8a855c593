import { NodeBackend } from "@portico/node"
import { program } from "./HungLookups.ts"

NodeBackend.runMain(program)
