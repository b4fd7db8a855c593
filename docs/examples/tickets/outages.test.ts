import { sim } from "@portico/sim/vitest"
import { serve } from "./OrderedTickets.ts"
import { outages } from "./outages.ts"

sim.test("no outage makes it forget a ticket", { world: outages(serve) }, { runs: 500 })
