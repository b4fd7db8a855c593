/** The laws of streams over TLS, on Node. */
import { NodeBackend } from "@portico/node"
import { Suite } from "@portico/testkit"
import { describe } from "vitest"
import { bind, runOnHost } from "./Binding.ts"
import { node } from "./node.ts"
import { nestedLaws, secureLaws } from "./secure.ts"

const options = { ...node(process.platform), deviations: [] }

describe.each([
  ["TLS", secureLaws],
  ["TLS inside TLS", nestedLaws]
])("%s", (_, laws) => {
  bind(Suite.plan({ ...options, laws }), (law) => runOnHost(law, NodeBackend.layer))
})
