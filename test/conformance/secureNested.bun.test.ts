/**
 * The laws of streams, over TLS inside TLS, on Bun. Those of backpressure find out when nothing
 * moves any longer, which over so many buffers is not told from a pause (see `Clog`).
 */
import { BunBackend } from "@portico/bun"
import { Suite } from "@portico/testkit"
import { bind, runOnHost } from "./Binding.ts"
import { bun } from "./bun.ts"
import { nestedLaws } from "./secure.ts"

const laws = nestedLaws.filter(({ group }) => group !== "Backpressure")
const options = { ...bun(process.platform), deviations: [], laws }

bind(Suite.plan(options), (law) => runOnHost(law, BunBackend.layer))
