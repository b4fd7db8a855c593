/** Every law, on Node's own sockets. */
import { NodeBackend } from "@portico/node"
import { Suite } from "@portico/testkit"
import { bind, runOnHost } from "./Binding.ts"
import { node } from "./node.ts"

bind(Suite.plan(node(process.platform)), (law) => runOnHost(law, NodeBackend.layer))
