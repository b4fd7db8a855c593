/** The laws on Bun: what it can do, and where it differs. */
import * as BunCapabilities from "@portico/bun/BunCapabilities"
import type { Suite } from "@portico/testkit"
import { unixEndsUnaccepted } from "./eagerAccept.ts"

export const bun = (platform: NodeJS.Platform): Suite.PlanOptions => ({
  backendName: "bun",
  capabilities: BunCapabilities.make(platform),
  hooks: ["exhaustDescriptors", "holdThread", "notifyFromThread", "tasks"],
  deviations: [unixEndsUnaccepted]
})
