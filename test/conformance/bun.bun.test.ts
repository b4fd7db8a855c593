/** Every law, on Bun's own sockets. */
import { BunBackend } from "@portico/bun"
import { Suite } from "@portico/testkit"
import { bind, runOnHost } from "./Binding.ts"
import { bun } from "./bun.ts"

bind(Suite.plan(bun(process.platform)), (law) => runOnHost(law, BunBackend.layer))
