import { sim } from "@portico/sim/vitest"
import { serve } from "./Tickets.ts"
import { twoDays } from "./twoDays.ts"

sim.test("every client has a ticket of its own", twoDays(serve), { runs: 500 })
