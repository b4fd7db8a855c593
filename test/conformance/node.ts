/** The laws on Node: what it can do, and where it differs. */
import * as NodeCapabilities from "@portico/node/NodeCapabilities"
import type { Suite } from "@portico/testkit"
import { unixEndsUnaccepted } from "./eagerAccept.ts"

export const node = (platform: NodeJS.Platform): Suite.PlanOptions => ({
  backendName: "node",
  capabilities: NodeCapabilities.make(platform),
  hooks: ["exhaustDescriptors", "holdThread", "notifyFromThread", "tasks"],
  deviations: [unixEndsUnaccepted]
})
