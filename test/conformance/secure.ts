/** The laws of streams, over TLS: the same promises, kept by another port. */
import { type Law, Suite } from "@portico/testkit"
import { withPorts } from "@portico/testkit/FaultyPorts"
import { securePorts } from "@portico/testkit/SecurePorts"
import * as Effect from "effect/Effect"

const groups = new Set([
  "Reading",
  "Reading frames",
  "Interrupted reads",
  "Writing",
  "Writing from several fibers",
  "Queued bytes",
  "Backpressure",
  "Ending",
  "Closing",
  "Resetting",
  "Scopes",
  "Serving",
  "Draining",
  "Views"
])

export const secureLaws: ReadonlyArray<Law.Law> = Suite.all
  .filter(({ group }) => groups.has(group))
  .map((law) => ({ ...law, check: withPorts(securePorts, Effect.scoped(law.check)) }))
