/** The laws of streams over TLS, on Bun. */
import { BunBackend } from "@portico/bun"
import { Suite } from "@portico/testkit"
import { bind, runOnHost } from "./Binding.ts"
import { bun } from "./bun.ts"
import { secureLaws } from "./secure.ts"

const options = { ...bun(process.platform), deviations: [], laws: secureLaws }

bind(Suite.plan(options), (law) => runOnHost(law, BunBackend.layer))
