import { Probe } from "@portico/sim"
import { Effect } from "effect"
import { take } from "./take.ts"
import type * as Tickets from "./Tickets.ts"

const port = 4000
const ticket = take("127.0.0.1", port)

/** A service, three clients at once, and the end of the service. Then all of that again. */
export const twoDays = (serve: typeof Tickets.serve) =>
  Effect.gen(function* () {
    const day = Effect.scoped(
      Effect.andThen(
        serve({ port, directory: "/tmp" }),
        Effect.all([ticket, ticket, ticket], { concurrency: "unbounded" })
      )
    )
    const tickets = [...(yield* day), ...(yield* day)]
    yield* Probe.committed
    const different = new Set(tickets).size
    yield* Probe.always("no ticket is given twice", different === tickets.length, tickets.join(","))
  })
