/** The laws of streams over TLS, on Node. */
import { NodeBackend } from "@portico/node"
import { Suite } from "@portico/testkit"
import { bind, runOnHost } from "./Binding.ts"
import { node } from "./node.ts"
import { secureLaws } from "./secure.ts"

const options = { ...node(process.platform), deviations: [], laws: secureLaws }

bind(Suite.plan(options), (law) => runOnHost(law, NodeBackend.layer))
