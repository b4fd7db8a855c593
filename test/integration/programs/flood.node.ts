import { NodeBackend } from "@portico/node"
import { flood } from "./Flood.ts"

NodeBackend.runMain(flood)
