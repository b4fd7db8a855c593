import { sim } from "@portico/sim/vitest"
import { outages } from "./outages.ts"
import { serve } from "./SafeTickets.ts"
import { twoDays } from "./twoDays.ts"

sim.test("every client has a ticket of its own", twoDays(serve), { runs: 200 })
sim.test("no outage makes it forget a ticket", { world: outages(serve) }, { runs: 200 })
