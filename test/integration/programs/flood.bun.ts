import { BunBackend } from "@portico/bun"
import { flood } from "./Flood.ts"

BunBackend.runMain(flood)
